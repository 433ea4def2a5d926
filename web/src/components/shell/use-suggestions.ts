'use client'
import { useEffect, useState } from 'react'
import type { components } from '@/lib/api/schema'

type Suggestion = components['schemas']['Suggestion']

const PAUSE_MS = 150

/** Courses for what is being typed, once typing pauses. An answer that comes too late, or not at all, shows none. */
export function useSuggestions(typed: string): readonly Suggestion[] {
  const q = typed.trim()
  const [found, setFound] = useState<{ q: string; items: readonly Suggestion[] }>({ q: '', items: [] })
  useEffect(() => {
    if (!q) return
    const controller = new AbortController()
    const timer = setTimeout(() => {
      // The client is loaded with the first letter: most visitors of a page type nothing.
      import('@/lib/api/client')
        .then(({ api }) => api.GET('/api/v1/search/suggest', { params: { query: { q } }, signal: controller.signal }))
        .then(({ data }) => data && setFound({ q, items: data.items }))
        .catch(() => setFound({ q, items: [] })) // the search itself still works, and tells what is wrong
    }, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [q])
  // While the next letters are looked up, the last answer stays.
  return q ? found.items : []
}
