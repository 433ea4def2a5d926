'use client'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import type { NotesDoor } from './deliver'
import type { Note } from './outbox'

/** All of one's notes on a lesson, by their moments. */
export async function lessonNotes(lessonId: string, signal?: AbortSignal): Promise<Note[]> {
  const notes: Note[] = []
  let cursor: string | undefined
  do {
    const page = await answer(
      api.GET('/api/v1/lessons/{lesson_id}/notes', {
        params: { path: { lesson_id: lessonId }, query: { limit: 100, cursor } },
        signal,
      }),
    )
    notes.push(...page.items)
    cursor = page.next_cursor ?? undefined
  } while (cursor)
  return notes
}

export const notesDoor: NotesDoor = {
  write: ({ lessonId, at_ms, body, media_revision }) =>
    answer(
      api.POST('/api/v1/lessons/{lesson_id}/notes', {
        params: { path: { lesson_id: lessonId } },
        body: { at_ms, body, media_revision },
      }),
    ),
  edit: ({ noteId, at_ms, body, version }) =>
    answer(
      api.PATCH('/api/v1/notes/{note_id}', {
        params: { path: { note_id: noteId } },
        headers: { 'If-Match': `"${version}"` },
        body: { at_ms, body },
      }),
    ),
  remove: (noteId) => answer(api.DELETE('/api/v1/notes/{note_id}', { params: { path: { note_id: noteId } } })),
  find: async ({ lessonId, at_ms, body }) =>
    (await lessonNotes(lessonId)).find((note) => note.at_ms === at_ms && note.body === body),
}
