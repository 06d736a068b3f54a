"""Live feedback from single frames: causal, no verdicts, no Streamlit."""
