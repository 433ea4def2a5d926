import { describe, expect, test } from 'vitest'
import {
  afterRefusal,
  decided,
  nextToSend,
  queued,
  settled,
  shownNotes,
  type Edit,
  type Note,
  type Removal,
  type Write,
} from './outbox'

const lessonId = 'lesson'
const write: Write = { kind: 'write', id: 'w', lessonId, at_ms: 2000, body: 'new', media_revision: 1 }
const edit: Edit = { kind: 'edit', id: 'e', lessonId, noteId: 'n', at_ms: 1000, body: 'mine', version: 1 }
const removal: Removal = { kind: 'remove', id: 'r', lessonId, noteId: 'n', notBefore: 100 }
const note = (change: Partial<Note> = {}) =>
  ({ id: 'n', lesson_id: lessonId, at_ms: 1000, body: 'saved', stale: false, version: 1, ...change }) as Note

describe('shownNotes', () => {
  test('show what waits beside what is saved, by their moments', () => {
    expect(shownNotes([note({ at_ms: 3000 })], [write], lessonId)).toMatchObject([
      { id: 'w', body: 'new', state: 'waiting' },
      { id: 'n', body: 'saved', state: 'saved' },
    ])
  })

  test('show an edit in place of what it edits, and nothing that was removed', () => {
    expect(shownNotes([note()], [edit], lessonId)).toMatchObject([{ id: 'n', body: 'mine', state: 'waiting' }])
    expect(shownNotes([note()], [removal], lessonId)).toEqual([])
  })

  test('leave out what is of other lessons', () => {
    expect(shownNotes([], [write], 'another')).toEqual([])
  })

  test('say what was refused, and what two changed at once', () => {
    expect(shownNotes([], [{ ...write, refused: 'note_invalid' }], lessonId)).toMatchObject([{ state: 'refused' }])
    const theirs = note({ body: 'theirs', version: 2 })
    expect(shownNotes([theirs], [{ ...edit, conflict: theirs }], lessonId)).toMatchObject([
      { body: 'mine', state: 'conflict', conflict: { body: 'theirs' } },
    ])
  })
})

describe('queued', () => {
  test('an edit of what waits changes what is sent', () => {
    expect(queued([write], { ...edit, noteId: 'w' })).toEqual([{ ...write, at_ms: 1000, body: 'mine' }])
    expect(queued([edit], { ...edit, id: 'e2', body: 'again', version: 5 })).toEqual([{ ...edit, body: 'again' }])
  })

  test('what was never sent need not be removed, what may have arrived must', () => {
    expect(queued([write], { ...removal, noteId: 'w' })).toEqual([])
    expect(queued([{ ...write, sent: true }], { ...removal, noteId: 'w' })).toHaveLength(1)
    expect(queued([edit], removal)).toEqual([removal])
  })
})

describe('settled', () => {
  test('what was taken waits no longer', () => {
    expect(settled([write, edit], write, note({ id: 'made' }))).toEqual([edit])
  })

  test('what was typed meanwhile is an edit of the note that was made', () => {
    expect(settled([{ ...write, body: 'newer' }], write, note({ id: 'made', version: 4 }))).toEqual([
      { kind: 'edit', id: 'w', lessonId, noteId: 'made', at_ms: 2000, body: 'newer', version: 4 },
    ])
  })

  test('what waits for a note that has its own name now follows it', () => {
    expect(settled([write, { ...removal, noteId: 'w' }], write, note({ id: 'made' }))).toEqual([
      { ...removal, noteId: 'made' },
    ])
  })
})

describe('afterRefusal', () => {
  test('both texts are kept for a decision', () => {
    const theirs = note({ body: 'theirs', version: 7 })
    const [waiting] = afterRefusal([edit], edit, 'note_changed', theirs)
    expect(waiting).toEqual({ ...edit, conflict: theirs })
    expect(nextToSend([waiting!], 0)).toBeUndefined()
    expect(decided([waiting!], 'n', 'mine')).toEqual([{ ...edit, version: 7 }])
    expect(decided([waiting!], 'n', 'theirs')).toEqual([])
  })

  test('an edit of a note that is gone becomes a note', () => {
    expect(afterRefusal([edit], edit, 'note_not_found')).toEqual([
      { kind: 'write', id: 'e', lessonId, at_ms: 1000, body: 'mine', media_revision: null },
    ])
  })

  test('anything else that was typed stays, with the reason', () => {
    expect(afterRefusal([write], write, 'purchase_required')).toEqual([{ ...write, refused: 'purchase_required' }])
  })
})

test('a removal waits until it cannot be undone any more, and holds up nothing', () => {
  expect(nextToSend([removal, write], 99)).toBe(write)
  expect(nextToSend([removal], 99)).toBeUndefined()
  expect(nextToSend([removal], 100)).toBe(removal)
})
