'use client'
import { useStored } from '@/lib/use-stored'

/** What is being typed, and the moment at which its first key was pressed. */
export type Draft = { at_ms: number | null; body: string }

function draftOf(kept: unknown): Draft {
  const { at_ms, body } = (kept ?? {}) as Partial<Draft>
  return { at_ms: typeof at_ms === 'number' ? at_ms : null, body: typeof body === 'string' ? body : '' }
}

/** Kept in this browser while it is typed: neither a reload nor a session that ends loses it. */
export const useDraft = (userId: string, of: string) => useStored(`kosu.draft.${userId}.${of}`, draftOf)
