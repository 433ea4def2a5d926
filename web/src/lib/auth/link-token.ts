'use client'
import { useSyncExternalStore } from 'react'

/** The token of a mailed link: `#token=…`, which browsers send to no server; `?token=…` is read as well. */
export function tokenIn({ hash, search }: { hash: string; search: string }): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') || new URLSearchParams(search).get('token') || null
}

function subscribe(changed: () => void) {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}

/** Undefined until the browser has been asked; null where the address has none. */
export const useLinkToken = () =>
  useSyncExternalStore<string | null | undefined>(
    subscribe,
    () => tokenIn(location),
    () => undefined,
  )
