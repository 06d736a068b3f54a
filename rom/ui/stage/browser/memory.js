// What this window remembers of its stage while a page is loaded again.

const nameOf = (key) => `rom-stage:${key}`;

export function remember(key, token) {
  try {
    sessionStorage.setItem(nameOf(key), token);
  } catch {
    // Storage is switched off: a page that is loaded again begins anew.
  }
}

export function recall(key) {
  try {
    return sessionStorage.getItem(nameOf(key)) || "";
  } catch {
    return "";
  }
}

export function forget(key) {
  try {
    sessionStorage.removeItem(nameOf(key));
  } catch {
    // As above.
  }
}

// The component of `returning`: tells Python once which token this window remembers.
const told = new WeakSet();

export default function ({ parentElement, data, setStateValue }) {
  const token = recall(data.key);
  if (!token || told.has(parentElement)) return;
  told.add(parentElement);
  setStateValue("token", token);
}
