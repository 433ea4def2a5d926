'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo } from 'react'
import { onSessionStart } from '@/lib/api/session'
import { deliver, put } from '@/lib/notes/deliver'
import { lessonNotes, notesDoor } from '@/lib/notes/door'
import { decided, noteOf, operationsOf, queued, shownNotes, type Note, type Operation } from '@/lib/notes/outbox'
import { useOnline } from '@/lib/online'
import { readStored } from '@/lib/stored'
import { useStored } from '@/lib/use-stored'

const UNDO_MS = 6000
const RETRY_MS = 20_000

export const outboxKey = (userId: string) => `kosu.notes.${userId}`

/** A learner's notes on a lesson as they are here: what waits to be sent is shown as if it were saved, and said so. */
export function useNotes(lessonId: string, userId: string | null) {
  const client = useQueryClient()
  const online = useOnline()
  const query = useQuery({
    queryKey: ['learn', 'notes', lessonId],
    queryFn: ({ signal }) => lessonNotes(lessonId, signal),
    enabled: userId !== null,
  })
  const key = outboxKey(userId ?? '')
  const [operations] = useStored(key, operationsOf)

  const flush = useCallback(async () => {
    await deliver(key, notesDoor, (id, note) => {
      client.setQueriesData<Note[]>(
        { queryKey: ['learn', 'notes', note?.lesson_id ?? lessonId] },
        (notes) => notes && [...notes.filter((each) => each.id !== id), ...(note ? [note] : [])],
      )
    })
  }, [client, key, lessonId])

  const waits = operations.length > 0
  useEffect(() => {
    if (!userId || !waits || !online) return
    void flush()
    const timer = setInterval(() => void flush(), RETRY_MS)
    return () => clearInterval(timer)
  }, [flush, online, userId, waits])

  // What was refused while nobody was signed in.
  useEffect(() => onSessionStart(({ samePerson }) => samePerson && void flush()), [flush])

  const change = useCallback(
    (operation: Operation) => {
      put(key, (all) => queued(all, operation))
      const wait = operation.kind === 'remove' ? UNDO_MS + 100 : 0
      setTimeout(() => void flush(), wait)
    },
    [flush, key],
  )

  const actions = useMemo(
    () => ({
      write: (note: { at_ms: number; body: string; media_revision: number | null }) =>
        change({ kind: 'write', id: crypto.randomUUID(), lessonId, ...note }),
      edit: (noteId: string, version: number, note: { at_ms: number; body: string }) =>
        change({ kind: 'edit', id: crypto.randomUUID(), lessonId, noteId, version, ...note }),
      /** Returns what takes it back, for a few seconds. */
      remove: (noteId: string) => {
        const before = operationsOf(readStored(key))
        const id = crypto.randomUUID()
        change({ kind: 'remove', id, lessonId, noteId, notBefore: Date.now() + UNDO_MS })
        return () => put(key, (all) => undone(all, before, id, noteId))
      },
      decide: (noteId: string, keep: 'mine' | 'theirs') => {
        put(key, (all) => decided(all, noteId, keep))
        void flush()
      },
    }),
    [change, flush, key, lessonId],
  )

  const notes = useMemo(() => shownNotes(query.data ?? [], operations, lessonId), [query.data, operations, lessonId])
  return { notes, query, ...actions }
}

function undone(all: Operation[], before: Operation[], removalId: string, noteId: string): Operation[] {
  const others = all.filter((each) => each.id !== removalId)
  const lost = before.filter((each) => noteOf(each) === noteId && !others.some((other) => other.id === each.id))
  return [...others, ...lost]
}
