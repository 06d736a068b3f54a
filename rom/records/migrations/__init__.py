"""The steps from one version of the store to the next, each written once and never changed."""
