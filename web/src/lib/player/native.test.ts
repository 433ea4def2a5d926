import { beforeEach, expect, test, vi } from 'vitest'
import { playNatively } from './native'

/** As much of a video element as a stream needs, of a browser that loads what it is told to. */
class Video extends EventTarget {
  src = ''
  currentTime = 0
  paused = true
  error: { code: number } | null = null
  loads = 0

  load() {
    this.loads += 1
    this.error = null
    this.paused = true
    this.currentTime = 0
    this.tell('loadedmetadata')
  }
  play() {
    this.paused = false
    return Promise.resolve()
  }
  tell(name: string) {
    this.dispatchEvent(new Event(name))
  }
  playsUntil(seconds: number) {
    this.paused = false
    this.currentTime = seconds
    this.tell('timeupdate')
  }
  fails(code: number) {
    this.error = { code }
    this.tell('error')
  }
}

const [NETWORK, DECODE, UNSUPPORTED] = [2, 3, 4]
const renew = vi.fn<() => Promise<unknown>>()
const trouble = vi.fn()
let video: Video

const started = (from = 0) =>
  playNatively(video as unknown as HTMLVideoElement, '/lesson.m3u8', from, { renew, trouble })
const settled = () => new Promise((resolve) => setTimeout(resolve))

beforeEach(() => {
  video = new Video()
  renew.mockReset().mockResolvedValue(undefined)
  trouble.mockReset()
})

test('it begins at its place, and waits to be played', () => {
  started(12)
  expect(video).toMatchObject({ src: '/lesson.m3u8', currentTime: 12, paused: true })
})

test.each([NETWORK, UNSUPPORTED])(
  'what could not be loaded (%d) goes on with new cookies where it stood',
  async (code) => {
    started()
    video.playsUntil(30)
    video.fails(code)
    await settled()
    expect(renew).toHaveBeenCalledOnce()
    expect(video).toMatchObject({ loads: 2, currentTime: 30, paused: false })
    expect(trouble).not.toHaveBeenCalled()
  },
)

test('what new cookies do not help is told, and another try goes on', async () => {
  const stream = started(5)
  for (let time = 0; time < 3; time += 1) {
    video.fails(NETWORK)
    await settled()
  }
  expect(renew).toHaveBeenCalledTimes(2)
  expect(trouble.mock.calls).toEqual([['network']])
  stream.retry()
  expect(video).toMatchObject({ loads: 4, currentTime: 5, error: null })
  video.fails(NETWORK)
  expect(renew).toHaveBeenCalledTimes(3)
})

test('cookies may run out again and again while it plays in between', async () => {
  started()
  for (const seconds of [10, 20, 30]) {
    video.playsUntil(seconds)
    video.fails(NETWORK)
    await settled()
  }
  expect(trouble).not.toHaveBeenCalled()
  expect(video.currentTime).toBe(30)
})

test('without new cookies it is the network', async () => {
  renew.mockRejectedValue(new Error('away'))
  started()
  video.fails(UNSUPPORTED)
  await settled()
  expect(trouble.mock.calls).toEqual([['network']])
})

test('what is broken stays broken, whatever the cookies', () => {
  started()
  video.fails(DECODE)
  expect(renew).not.toHaveBeenCalled()
  expect(trouble.mock.calls).toEqual([['media']])
})

test('once ended it does nothing more', async () => {
  const stream = started()
  video.fails(NETWORK)
  stream.end()
  await settled()
  video.fails(DECODE)
  expect(video.loads).toBe(1)
  expect(trouble).not.toHaveBeenCalled()
})
