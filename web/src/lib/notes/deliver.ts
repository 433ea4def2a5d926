import { Problem } from '@/lib/api/problem'
import { readStored, store } from '@/lib/stored'
import {
  afterRefusal,
  nextToSend,
  operationsOf,
  settled,
  type Edit,
  type Note,
  type Operation,
  type Write,
} from './outbox'

/** The API's part. Each throws Problem. */
export type NotesDoor = {
  write(note: Write): Promise<Note>
  edit(note: Edit): Promise<Note>
  remove(noteId: string): Promise<unknown>
  /** A saved note that says just this, where there is one. */
  find(note: Write): Promise<Note | undefined>
}

export type Delivered = 'all' | 'some wait'

/**
 * Sends what waits in the outbox under the key, in its order, one tab at a time.
 *
 * It ends where the API is away: what is left stays there. What is put in meanwhile is sent as well.
 *
 * @param saved is told of each note as the API has it now; null where it was removed
 */
export async function deliver(key: string, door: NotesDoor, saved: (noteId: string, note: Note | null) => void) {
  return await navigator.locks.request(key, async (): Promise<Delivered> => {
    for (;;) {
      const operation = nextToSend(operationsOf(readStored(key)), Date.now())
      if (!operation) return 'all'
      try {
        const note = await sent(key, door, operation)
        saved(note?.id ?? (operation.kind === 'remove' ? operation.noteId : ''), note)
        put(key, (operations) => settled(operations, operation, note))
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem
        if (isPassing(problem)) return 'some wait'
        const now = problem.code === 'note_changed' ? (problem.extensions.note as Note) : undefined
        if (now) saved(now.id, now)
        put(key, (operations) => afterRefusal(operations, operation, problem.code, now))
      }
    }
  })
}

/** Changes what waits. */
export const put = (key: string, change: (operations: Operation[]) => Operation[]) => {
  const changed = change(operationsOf(readStored(key)))
  store(key, changed.length > 0 ? changed : null)
}

async function sent(key: string, door: NotesDoor, operation: Operation): Promise<Note | null> {
  if (operation.kind === 'edit') return await door.edit(operation)
  if (operation.kind === 'remove') {
    await door.remove(operation.noteId).catch(unlessGone)
    return null
  }
  const arrived = operation.sent ? await door.find(operation) : undefined
  if (arrived) return arrived
  put(key, (all) =>
    all.map((each) => (each.id === operation.id && each.kind === 'write' ? { ...each, sent: true } : each)),
  )
  return await door.write(operation)
}

function unlessGone(problem: unknown) {
  if (!(problem instanceof Problem) || problem.code !== 'note_not_found') throw problem
}

// A session that ended is no refusal: its learner signs in and goes on.
const isPassing = ({ status }: Problem) => status === 0 || status === 401 || status === 429 || status >= 500
