/**
 * What this browser keeps between visits, as JSON by key, for all of its tabs. Where it keeps nothing (its store is
 * full, or closed to us) the page itself does, as long as it is open.
 */

const changes = new EventTarget()
const unkept = new Map<string, string>()

export function readRaw(key: string): string | null {
  try {
    return unkept.get(key) ?? localStorage.getItem(key)
  } catch {
    return null
  }
}

/** What is kept under the key; null where there is nothing, or nothing that can be read. */
export function readStored(key: string): unknown {
  try {
    return JSON.parse(readRaw(key) ?? 'null')
  } catch {
    return null
  }
}

/** Null removes it. */
export function store(key: string, value: unknown) {
  const raw = value === null ? null : JSON.stringify(value)
  try {
    if (raw === null) localStorage.removeItem(key)
    else localStorage.setItem(key, raw)
    unkept.delete(key)
  } catch {
    if (raw === null) unkept.delete(key)
    else unkept.set(key, raw)
  }
  changes.dispatchEvent(new Event(key))
}

/** Calls back when this tab or another one changes what is kept under the key; returns what stops it. */
export function onStored(key: string, listener: () => void): () => void {
  const heard = (event: StorageEvent) => {
    if (event.key === key || event.key === null) listener()
  }
  changes.addEventListener(key, listener)
  addEventListener('storage', heard)
  return () => {
    changes.removeEventListener(key, listener)
    removeEventListener('storage', heard)
  }
}
