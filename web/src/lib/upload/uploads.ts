import type { SavedUpload, SavedUploads } from './saved'
import { measured, secondsLeft, standingStill, type Speed } from './speed'
import { Transfer, type Session, type Stage, type Surroundings, type UploadApi } from './transfer'

export type UploadState =
  | 'preparing'
  | Stage
  | 'paused'
  /** After a reload: the browser must be allowed to read the file again. */
  | 'asleep'
  /** After a reload, where the browser has no handle of the file: its owner picks it once more. */
  | 'file_needed'
  | 'done'
  | 'failed'

/** An upload as it is shown. */
export type UploadView = {
  key: string
  courseId: string
  lessonId: string
  lessonTitle: string
  name: string
  sizeBytes: number
  sentBytes: number
  bytesPerSecond: number | null
  secondsLeft: number | null
  state: UploadState
  /** What went wrong, as it was thrown. */
  problem: unknown
}

export type Place = { courseId: string; lessonId: string; lessonTitle: string }

export interface SessionApi extends UploadApi {
  /** A new session, or the open one of the same file with what the store has of it. */
  start(file: File, fingerprint: string, lessonId: string): Promise<Session>
  /** Null where it is over. */
  session(uploadId: string): Promise<Session | null>
  abort(uploadId: string): Promise<void>
}

/** Keeps tabs from sending the same upload twice. */
export interface Claims {
  /** Runs the work while no other tab does; false, and nothing done, where one does. */
  hold(uploadId: string, work: () => Promise<void>): Promise<boolean>
  held(): Promise<ReadonlySet<string>>
}

export class WrongFile extends Error {}
export class SentElsewhere extends Error {}

type Entry = {
  view: UploadView
  file?: File
  saved?: SavedUpload
  session?: Session
  speed: Speed
  stop: AbortController
}

export type Dependencies = {
  api: SessionApi
  saved: SavedUploads
  claims: Claims
  world: Surroundings
  fingerprintOf: (file: File) => Promise<string>
  now: () => number
}

const MOVING: ReadonlySet<UploadState> = new Set(['preparing', 'sending', 'offline', 'completing'])

/** All uploads of this tab, and those that wait since it was reloaded. It lives as long as the tab, whatever it shows. */
export class Uploads {
  private readonly entries = new Map<string, Entry>()
  private readonly listeners = new Set<() => void>()
  private shown: readonly UploadView[] = []
  private restored?: Promise<void>

  constructor(private readonly dependencies: Dependencies) {}

  subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  /** The same array until something changes. */
  views = (): readonly UploadView[] => this.shown

  /** Takes up what an earlier page of this browser began. Once for a tab. */
  restore = () => (this.restored ??= this.takeUp())

  async start(file: File, place: Place, handle?: FileSystemFileHandle) {
    const key = place.lessonId
    if (this.isUnderWay(key)) return
    const entry: Entry = {
      view: {
        key,
        ...place,
        name: file.name,
        sizeBytes: file.size,
        sentBytes: 0,
        bytesPerSecond: null,
        secondsLeft: null,
        state: 'preparing',
        problem: null,
      },
      file,
      speed: standingStill(this.dependencies.now(), 0),
      stop: new AbortController(),
    }
    this.entries.set(key, entry)
    this.tell()
    await this.guarded(entry, async () => {
      const fingerprint = await this.dependencies.fingerprintOf(file)
      const session = await this.dependencies.api.start(file, fingerprint, place.lessonId)
      entry.session = session
      entry.saved = {
        id: session.id,
        ...place,
        name: file.name,
        sizeBytes: file.size,
        fingerprint,
        handle,
      }
      // A browser that keeps nothing sends the file all the same.
      await this.dependencies.saved.put(entry.saved).catch(() => undefined)
      await this.send(entry, file, session)
    })
  }

  pause(key: string) {
    const entry = this.entries.get(key)
    if (!entry || !['sending', 'offline'].includes(entry.view.state)) return
    entry.stop.abort(new DOMException('Paused', 'AbortError'))
    this.show(entry, { state: 'paused', bytesPerSecond: null, secondsLeft: null })
  }

  /** Goes on after a pause, a failure or a reload. Call it from a click: a browser asks for the file only then. */
  async resume(key: string) {
    const entry = this.entries.get(key)
    if (!entry || MOVING.has(entry.view.state)) return
    const { handle } = entry.saved ?? {}
    if (entry.file) return await this.goOn(entry, entry.file)
    if (!handle) return this.show(entry, { state: 'file_needed' })
    const allowed = await allowedToRead(handle, { ask: true })
    if (!allowed) return this.show(entry, { state: 'file_needed' })
    const file = await handle.getFile().catch(() => null)
    if (file) await this.goOnWith(entry, file)
    else this.show(entry, { state: 'file_needed' })
  }

  /** Goes on with a file that was picked once more; another one is refused. */
  async resumeWith(key: string, file: File) {
    const entry = this.entries.get(key)
    if (entry) await this.goOnWith(entry, file)
  }

  /** Gives the upload up, here and at the API. */
  async cancel(key: string) {
    const entry = this.entries.get(key)
    if (!entry) return
    entry.stop.abort(new DOMException('Cancelled', 'AbortError'))
    this.entries.delete(key)
    this.tell()
    if (!entry.saved) return
    await this.dependencies.saved.drop(entry.saved.id).catch(() => undefined)
    // One that is not reached now ends by itself when its time is over.
    await this.dependencies.api.abort(entry.saved.id).catch(() => undefined)
  }

  /** Takes one that has ended off the list. */
  dismiss(key: string) {
    const entry = this.entries.get(key)
    if (entry?.view.state !== 'done' && entry?.view.state !== 'failed') return
    this.entries.delete(key)
    this.tell()
    if (entry.saved) void this.dependencies.saved.drop(entry.saved.id)
  }

  private isUnderWay(key: string) {
    const entry = this.entries.get(key)
    return entry !== undefined && MOVING.has(entry.view.state)
  }

  private async takeUp() {
    const all = await this.dependencies.saved.all().catch(() => [])
    const held = await this.dependencies.claims.held()
    for (const saved of all.filter(({ id, lessonId }) => !held.has(id) && !this.entries.has(lessonId))) {
      // Where the API is away, the upload is shown all the same: whether it is over is asked again when it goes on.
      const session = await this.dependencies.api.session(saved.id).catch(() => undefined)
      if (session === null) {
        await this.dependencies.saved.drop(saved.id)
        continue
      }
      const { courseId, lessonId, lessonTitle, name, sizeBytes, handle } = saved
      const sentBytes = session?.stored.reduce((sum, part) => sum + part.sizeBytes, 0) ?? 0
      const entry: Entry = {
        view: {
          key: lessonId,
          courseId,
          lessonId,
          lessonTitle,
          name,
          sizeBytes,
          sentBytes,
          bytesPerSecond: null,
          secondsLeft: null,
          state: handle ? 'asleep' : 'file_needed',
          problem: null,
        },
        saved,
        speed: standingStill(this.dependencies.now(), sentBytes),
        stop: new AbortController(),
      }
      this.entries.set(lessonId, entry)
      if (handle && (await allowedToRead(handle, { ask: false }))) void this.resume(lessonId)
    }
    this.tell()
  }

  private async goOnWith(entry: Entry, file: File) {
    this.show(entry, { state: 'preparing', problem: null })
    const fingerprint = await this.dependencies.fingerprintOf(file)
    if (fingerprint !== entry.saved?.fingerprint)
      return this.show(entry, { state: 'file_needed', problem: new WrongFile() })
    await this.goOn(entry, file)
  }

  private async goOn(entry: Entry, file: File) {
    entry.file = file
    entry.stop = new AbortController()
    this.show(entry, { state: 'preparing', problem: null })
    await this.guarded(entry, async () => {
      const { api } = this.dependencies
      const known = entry.saved && (await api.session(entry.saved.id))
      const session = known ?? (await api.start(file, await this.dependencies.fingerprintOf(file), entry.view.lessonId))
      entry.session = session
      if (entry.saved && entry.saved.id !== session.id) {
        await this.dependencies.saved.drop(entry.saved.id)
        entry.saved = { ...entry.saved, id: session.id }
        await this.dependencies.saved.put(entry.saved)
      }
      await this.send(entry, file, session)
    })
  }

  private async send(entry: Entry, file: File, session: Session) {
    const { api, claims, now, saved, world } = this.dependencies
    const { signal } = entry.stop
    const transfer = new Transfer(file, session, api, world, (stage, sentBytes) => {
      if (signal.aborted) return
      entry.speed = measured(entry.speed, now(), sentBytes)
      this.show(entry, {
        state: stage,
        sentBytes,
        bytesPerSecond: stage === 'sending' ? entry.speed.bytesPerSecond : null,
        secondsLeft: stage === 'sending' ? secondsLeft(entry.speed, sentBytes, file.size) : null,
      })
    })
    entry.speed = standingStill(now(), transfer.sentBytes)
    const sentHere = await claims.hold(session.id, () => transfer.run(signal))
    if (!sentHere) throw new SentElsewhere()
    await saved.drop(session.id).catch(() => undefined)
    this.show(entry, { state: 'done', sentBytes: file.size, bytesPerSecond: null, secondsLeft: null })
  }

  private async guarded(entry: Entry, work: () => Promise<void>) {
    try {
      await work()
    } catch (problem) {
      if (entry.stop.signal.aborted) return
      this.show(entry, { state: 'failed', problem, bytesPerSecond: null, secondsLeft: null })
    }
  }

  private show(entry: Entry, change: Partial<UploadView>) {
    entry.view = { ...entry.view, ...change }
    this.tell()
  }

  private tell() {
    this.shown = [...this.entries.values()].map((entry) => entry.view)
    for (const listener of this.listeners) listener()
  }
}

// Not in TypeScript's DOM yet; where a browser has handles, it has these.
type Askable = FileSystemFileHandle & {
  queryPermission?: (wanted: { mode: 'read' }) => Promise<PermissionState>
  requestPermission?: (wanted: { mode: 'read' }) => Promise<PermissionState>
}

async function allowedToRead(handle: Askable, { ask }: { ask: boolean }): Promise<boolean> {
  const wanted = { mode: 'read' } as const
  if ((await handle.queryPermission?.(wanted)) === 'granted') return true
  return ask && (await handle.requestPermission?.(wanted)) === 'granted'
}
