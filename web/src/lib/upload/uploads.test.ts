import { describe, expect, test, vi } from 'vitest'
import type { SavedUpload } from './saved'
import type { Session, Surroundings } from './transfer'
import { SentElsewhere, Uploads, WrongFile, type Dependencies, type SessionApi } from './uploads'

const place = { courseId: 'c', lessonId: 'l', lessonTitle: 'A lesson' }
const session: Session = { id: 'u', assetId: 'a', partSizeBytes: 10, partCount: 3, stored: [] }
const video = (name = 'video.mp4') => new File(['x'.repeat(25)], name, { lastModified: 1 })
const saved: SavedUpload = {
  id: 'u',
  ...place,
  name: 'video.mp4',
  sizeBytes: 25,
  fingerprint: 'video.mp4',
}

function world(
  changes: Partial<{ stored: Session['stored']; kept: SavedUpload[]; held: string[]; open: boolean }> = {},
) {
  const { stored = [], kept = [], held = [], open = true } = changes
  const puts: string[] = []
  const database = new Map(kept.map((each) => [each.id, each]))
  const api = {
    start: vi.fn<SessionApi['start']>(async () => ({ ...session, stored })),
    session: vi.fn<SessionApi['session']>(async () => (open ? { ...session, stored } : null)),
    abort: vi.fn<SessionApi['abort']>(async () => undefined),
    sign: vi.fn<SessionApi['sign']>(async (_, part) => ({ url: String(part), headers: {} })),
    complete: vi.fn<SessionApi['complete']>(async () => []),
  }
  const surroundings: Surroundings = {
    put: async ({ url }, body, onSent) => {
      puts.push(url)
      onSent(body.size)
      return 200
    },
    pause: () => Promise.resolve(),
    online: () => Promise.resolve(),
    isOnline: () => true,
    random: () => 0,
  }
  const dependencies: Dependencies = {
    api,
    saved: {
      all: async () => [...database.values()],
      put: async (upload) => void database.set(upload.id, upload),
      drop: async (id) => void database.delete(id),
    },
    claims: {
      held: async () => new Set(held),
      hold: async (id, work) => {
        if (held.includes(id)) return false
        await work()
        return true
      },
    },
    world: surroundings,
    fingerprintOf: async (file) => file.name,
    now: () => 0,
  }
  return { api, database, puts, surroundings, uploads: new Uploads(dependencies) }
}

const states = (uploads: Uploads) => uploads.views().map((view) => view.state)

describe('uploads', () => {
  test('send a file, and keep nothing of it afterwards', async () => {
    const { api, database, puts, uploads } = world()
    await uploads.start(video(), place)
    expect(puts.toSorted()).toEqual(['1', '2', '3'])
    expect(uploads.views()).toMatchObject([{ lessonId: 'l', state: 'done', sentBytes: 25 }])
    expect(api.complete).toHaveBeenCalledOnce()
    expect(database.size).toBe(0)
  })

  test('say what went wrong, keep what has arrived, and go on where they were', async () => {
    const { api, database, uploads } = world()
    const refusal = new Error('not_a_video')
    api.complete.mockRejectedValueOnce(refusal)
    await uploads.start(video(), place)
    expect(uploads.views()).toMatchObject([{ state: 'failed', problem: refusal }])
    expect(database.size).toBe(1)
    await uploads.resume('l')
    expect(states(uploads)).toEqual(['done'])
    expect(api.start).toHaveBeenCalledOnce()
  })

  test('pause at once and go on', async () => {
    const { puts, surroundings, uploads } = world()
    const put = surroundings.put
    surroundings.put = (_target, _body, _onSent, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
    const started = uploads.start(video(), place)
    await vi.waitFor(() => expect(states(uploads)).toEqual(['sending']))
    uploads.pause('l')
    await started
    expect(states(uploads)).toEqual(['paused'])
    surroundings.put = put
    await uploads.resume('l')
    expect(puts.toSorted()).toEqual(['1', '2', '3'])
  })

  test('after a reload ask for the file, and send only what is missing', async () => {
    const { puts, uploads } = world({ kept: [saved], stored: [{ number: 1, sizeBytes: 10 }] })
    await uploads.restore()
    expect(uploads.views()).toMatchObject([{ state: 'file_needed', sentBytes: 10 }])
    await uploads.resumeWith('l', video())
    expect(puts.toSorted()).toEqual(['2', '3'])
    expect(states(uploads)).toEqual(['done'])
  })

  test('after a reload refuse another file', async () => {
    const { puts, uploads } = world({ kept: [saved] })
    await uploads.restore()
    await uploads.resumeWith('l', video('another.mp4'))
    expect(puts).toEqual([])
    expect(uploads.views()).toMatchObject([{ state: 'file_needed', problem: new WrongFile() }])
  })

  test.each([
    ['granted', 'done'],
    ['prompt', 'asleep'],
  ] as const)('with a handle whose permission is %s they are %s after a reload', async (permission, state) => {
    const handle = { queryPermission: async () => permission, getFile: async () => video() }
    const { uploads } = world({ kept: [{ ...saved, handle: handle as unknown as FileSystemFileHandle }] })
    await uploads.restore()
    await vi.waitFor(() => expect(states(uploads)).toEqual([state]))
  })

  test('that are over at the API are forgotten', async () => {
    const { database, uploads } = world({ kept: [saved], open: false })
    await uploads.restore()
    expect(uploads.views()).toEqual([])
    expect(database.size).toBe(0)
  })

  test('are shown also while the API is away', async () => {
    const { api, database, uploads } = world({ kept: [saved] })
    api.session.mockRejectedValueOnce(new Error('away'))
    await uploads.restore()
    expect(states(uploads)).toEqual(['file_needed'])
    expect(database.size).toBe(1)
  })

  test('of another tab are left to it', async () => {
    const { puts, uploads } = world({ kept: [saved], held: ['u'] })
    await uploads.restore()
    expect(uploads.views()).toEqual([])
    await uploads.start(video(), place)
    expect(uploads.views()).toMatchObject([{ state: 'failed', problem: new SentElsewhere() }])
    expect(puts).toEqual([])
  })

  test('are given up here and at the API', async () => {
    const { api, database, uploads } = world({ kept: [saved] })
    await uploads.restore()
    await uploads.cancel('l')
    expect(uploads.views()).toEqual([])
    expect(api.abort).toHaveBeenCalledWith('u')
    expect(database.size).toBe(0)
  })

  test('several move at once, one for each lesson', async () => {
    const { api, uploads } = world()
    api.start.mockImplementation(async (_file, _fingerprint, lessonId) => ({ ...session, id: lessonId }))
    const twice = [place, place, { ...place, lessonId: 'm' }].map((each) => uploads.start(video(), each))
    await Promise.all(twice)
    expect(api.start).toHaveBeenCalledTimes(2)
    expect(states(uploads)).toEqual(['done', 'done'])
  })
})
