'use client'
import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { onStored, readRaw, store } from './stored'

/**
 * What this browser keeps under the key, and what changes it; null removes it.
 *
 * @param read makes a T of whatever is there, null included: older versions of this client may have written it. It is
 *   to be the same function each time.
 */
export function useStored<T>(key: string, read: (kept: unknown) => T): [T, (value: T | null) => void] {
  const raw = useSyncExternalStore(
    useCallback((changed: () => void) => onStored(key, changed), [key]),
    () => readRaw(key),
    () => null,
  )
  const value = useMemo(() => read(parsed(raw)), [raw, read])
  const set = useCallback((next: T | null) => store(key, next), [key])
  return [value, set]
}

function parsed(raw: string | null): unknown {
  try {
    return JSON.parse(raw ?? 'null')
  } catch {
    return null
  }
}
