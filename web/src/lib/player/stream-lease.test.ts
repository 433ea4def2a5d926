import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Problem } from '@/lib/api/problem'
import { StreamLease, type Lease } from './stream-lease'

beforeEach(() => void vi.useFakeTimers({ now: 0 }))
afterEach(() => void vi.useRealTimers())

const lease = (id: string): Lease => ({
  id,
  expires_at: new Date(Date.now() + 45_000).toISOString(),
  heartbeat_seconds: 15,
})
const problem = (code: string, status = 409) => Promise.reject(new Problem(code, status, ''))

function device() {
  const door = {
    claim: vi.fn((takeover: boolean) => Promise.resolve(lease(takeover ? 'taken' : 'mine'))),
    keep: vi.fn((id: string) => Promise.resolve(lease(id))),
    release: vi.fn(() => Promise.resolve()),
  }
  const refused = vi.fn()
  return { door, refused, stream: new StreamLease(door, refused) }
}

test('is claimed once and kept while it plays', async () => {
  const { door, stream } = device()
  await stream.hold()
  await stream.hold()
  await vi.advanceTimersByTimeAsync(31_000)
  expect(door.claim.mock.calls).toEqual([[false]])
  expect(door.keep.mock.calls).toEqual([['mine'], ['mine']])
})

test('is not kept while it stands, and taken up again after', async () => {
  const { door, stream } = device()
  await stream.hold()
  stream.rest()
  await vi.advanceTimersByTimeAsync(30_000)
  expect(door.keep).not.toHaveBeenCalled()
  await stream.hold()
  expect([door.claim.mock.calls.length, door.keep.mock.calls.length]).toEqual([1, 1])
  stream.rest()
  await vi.advanceTimersByTimeAsync(60_000)
  await stream.hold()
  expect(door.claim).toHaveBeenCalledTimes(2)
})

test('says that others play, and takes over when it is told to', async () => {
  const { door, refused, stream } = device()
  door.claim.mockImplementationOnce(() => problem('stream_limit'))
  await stream.hold()
  expect(refused.mock.calls).toEqual([['stream_limit']])
  await stream.hold({ takeover: true })
  expect(door.claim.mock.calls).toEqual([[false], [true]])
  expect(refused).toHaveBeenCalledTimes(1)
})

test('that was lost is claimed again where there is room', async () => {
  const { door, refused, stream } = device()
  await stream.hold()
  door.keep.mockImplementationOnce(() => problem('stream_lost'))
  await vi.advanceTimersByTimeAsync(15_000)
  expect(door.claim).toHaveBeenCalledTimes(2)
  expect(refused).not.toHaveBeenCalled()
})

test('that was lost to another device is lost', async () => {
  const { door, refused, stream } = device()
  await stream.hold()
  door.keep.mockImplementationOnce(() => problem('stream_lost'))
  door.claim.mockImplementationOnce(() => problem('stream_limit'))
  await vi.advanceTimersByTimeAsync(15_000)
  expect(refused.mock.calls).toEqual([['stream_lost']])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(door.keep).toHaveBeenCalledTimes(1)
})

test('does not stop anybody while the leases are away', async () => {
  const { door, refused, stream } = device()
  door.claim.mockImplementationOnce(() => problem('unavailable', 503))
  await stream.hold()
  await vi.advanceTimersByTimeAsync(15_000)
  expect(door.claim).toHaveBeenCalledTimes(2)
  expect(refused).not.toHaveBeenCalled()
})

test('is given back when the player is left', async () => {
  const { door, stream } = device()
  await stream.hold()
  stream.release()
  stream.release()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(door.release.mock.calls).toEqual([['mine']])
  expect(door.keep).not.toHaveBeenCalled()
})
