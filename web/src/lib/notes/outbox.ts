import type { components } from '@/lib/api/schema'

export type Note = components['schemas']['NoteView']

type OnNote = {
  /** Of this operation, made here. */
  id: string
  lessonId: string
  /** The code of the problem for which the API does not take it. It waits for its writer's decision. */
  refused?: string
}
export type Write = OnNote & {
  kind: 'write'
  at_ms: number
  body: string
  /** Null: of the video that plays when it is sent. */
  media_revision: number | null
  /** It was sent before, and no answer came: it may have arrived. */
  sent?: boolean
}
export type Edit = OnNote & {
  kind: 'edit'
  noteId: string
  at_ms: number
  body: string
  /** The one that was edited. */
  version: number
  /** What the note says now, where somebody else was faster. */
  conflict?: Note
}
export type Removal = OnNote & { kind: 'remove'; noteId: string; notBefore: number }
/** What was done to a note and is not yet known to the API, in the order in which it was done. */
export type Operation = Write | Edit | Removal

/** A note as it is shown: saved, waiting to be sent, refused, or changed by two at once. */
export type ShownNote = {
  id: string
  at_ms: number
  body: string
  stale: boolean
  version: number
  state: 'saved' | 'waiting' | 'refused' | 'conflict'
  refused?: string
  conflict?: Note
}

/** The notes of a lesson with what was done to them here, by their moments. */
export function shownNotes(notes: readonly Note[], operations: readonly Operation[], lessonId: string): ShownNote[] {
  const shown = new Map<string, ShownNote>(
    notes.map(({ id, at_ms, body, stale, version }) => [id, { id, at_ms, body, stale, version, state: 'saved' }]),
  )
  for (const operation of operations) {
    if (operation.lessonId !== lessonId) continue
    if (operation.kind === 'remove') {
      shown.delete(operation.noteId)
      continue
    }
    const { at_ms, body, refused } = operation
    const id = operation.kind === 'write' ? operation.id : operation.noteId
    const conflict = operation.kind === 'edit' ? operation.conflict : undefined
    const state = conflict ? 'conflict' : refused ? 'refused' : 'waiting'
    const before = shown.get(id) ?? { stale: false, version: 0 }
    shown.set(id, { ...before, id, at_ms, body, state, refused, conflict })
  }
  return [...shown.values()].sort((one, other) => one.at_ms - other.at_ms || (one.id < other.id ? -1 : 1))
}

/** The operations with one more; what was done to a note that waits to be sent changes what is sent. */
export function queued(operations: readonly Operation[], next: Operation): Operation[] {
  if (next.kind === 'write') return [...operations, next]
  const waiting = operations.find((each) => noteOf(each) === next.noteId && each.kind !== 'remove')
  if (!waiting) return [...operations, next]
  if (next.kind === 'remove') {
    const others = operations.filter((each) => each !== waiting)
    // What was never sent is nothing that the API would have to remove.
    return waiting.kind === 'write' && !waiting.sent ? others : [...others, next]
  }
  const { at_ms, body } = next
  return operations.map((each) => (each === waiting ? { ...waiting, at_ms, body, refused: undefined } : each))
}

/** After the API took what was sent of an operation. What was typed meanwhile becomes an edit of the note it made. */
export function settled(operations: readonly Operation[], sent: Operation, note: Note | null): Operation[] {
  return operations.flatMap((each): Operation[] => {
    if (each.id !== sent.id) return [noteOf(each) === sent.id && note ? renamed(each, note) : each]
    if (each.kind === 'remove' || sent.kind === 'remove' || !note) return []
    if (each.body === sent.body && each.at_ms === sent.at_ms) return []
    const { id, lessonId, at_ms, body } = each
    return [{ kind: 'edit', id, lessonId, noteId: note.id, at_ms, body, version: note.version }]
  })
}

/** After the API refused what was sent. An edit of a note that is gone is a note of its own: nothing typed is lost. */
export function afterRefusal(operations: readonly Operation[], sent: Operation, code: string, now?: Note): Operation[] {
  return operations.flatMap((each): Operation[] => {
    if (each.id !== sent.id) return [each]
    if (each.kind === 'remove') return []
    if (each.kind === 'edit' && now) return [{ ...each, conflict: now }]
    if (each.kind === 'edit' && code === 'note_not_found') {
      const { id, lessonId, at_ms, body } = each
      return [{ kind: 'write', id, lessonId, at_ms, body, media_revision: null }]
    }
    return [{ ...each, refused: code }]
  })
}

/** After a decision between one's own words and those that were saved meanwhile. */
export function decided(operations: readonly Operation[], noteId: string, keep: 'mine' | 'theirs'): Operation[] {
  return operations.flatMap((each): Operation[] => {
    if (each.kind !== 'edit' || each.noteId !== noteId || !each.conflict) return [each]
    if (keep === 'theirs') return []
    const { conflict, ...edit } = each
    return [{ ...edit, version: conflict.version }]
  })
}

/** The first that can be sent now. */
export function nextToSend(operations: readonly Operation[], now: number): Operation | undefined {
  return operations.find((each) => {
    if (each.refused || (each.kind === 'edit' && each.conflict)) return false
    return each.kind !== 'remove' || each.notBefore <= now
  })
}

export const noteOf = (operation: Operation) => (operation.kind === 'write' ? operation.id : operation.noteId)

const renamed = (operation: Operation, note: Note): Operation =>
  operation.kind === 'write' ? operation : { ...operation, noteId: note.id }

/** Reads what was kept. */
export const operationsOf = (kept: unknown): Operation[] => (Array.isArray(kept) ? (kept as Operation[]) : [])
