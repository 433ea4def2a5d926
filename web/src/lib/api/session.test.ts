// @vitest-environment jsdom
import { beforeEach, describe, expect, test, vi } from 'vitest'

type Session = typeof import('./session')

/** Another tab of the same browser: its own scripts; cookies, storage and locks are shared. */
async function tab(): Promise<Session> {
  vi.resetModules()
  return await import('./session')
}

/** One holder at a time, as navigator.locks does it. */
function locks() {
  let last: Promise<unknown> = Promise.resolve()
  return {
    request: <T>(_: string, hold: () => Promise<T>) => {
      const held = last.then(hold)
      last = held.catch(() => undefined)
      return held
    },
  }
}

const json = (status: number, body: object) => Response.json(body, { status })
const RENEWED = { access_token: 't', expires_in: 600 }

/** The API: `refresh` answers POST /auth/refresh; all else is 401 until that went well, then 200. */
function api(refresh: () => Response | Promise<Response>, refusal = { code: 'token_expired' }) {
  let isRenewed = false
  const refreshes = vi.fn<() => void>()
  const requests = vi.fn<(body: string) => void>()
  vi.stubGlobal('fetch', async (input: Request | string) => {
    if (input === '/api/v1/auth/refresh') {
      refreshes()
      const response = await refresh()
      isRenewed = response.ok
      return response
    }
    requests(await (input as Request).text())
    return isRenewed ? json(200, { done: true }) : json(401, refusal)
  })
  return { refreshes, requests }
}

const ask = (session: Session) => session.fetchRenewing(new Request('http://kosu.test/x', { method: 'PUT', body: 'b' }))

beforeEach(() => {
  localStorage.clear()
  document.cookie = 'kosu_signed_in=1; path=/'
  document.cookie = 'kosu_session_asked=; path=/; max-age=0'
  vi.unstubAllGlobals()
  vi.stubGlobal('navigator', { locks: locks() })
  // Real time stands still at times; here each moment is later than the one before.
  let now = 1_000_000
  vi.spyOn(Date, 'now').mockImplementation(() => ++now)
})

describe('an expired access token', () => {
  test('is renewed once for all that ask in one tab, and each request is sent again with its body', async () => {
    const { refreshes, requests } = api(() => json(200, RENEWED))
    const session = await tab()
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => ask(session)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(refreshes).toHaveBeenCalledTimes(1)
    expect(requests.mock.calls.flat()).toEqual(Array(10).fill('b'))
  })

  test('is renewed once for four tabs', async () => {
    const { refreshes } = api(() => json(200, RENEWED))
    const tabs = [await tab(), await tab(), await tab(), await tab()]
    const answers = await Promise.all(tabs.flatMap((session) => [1, 2, 3, 4, 5].map(() => ask(session))))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(refreshes).toHaveBeenCalledTimes(1)
  })

  test('is renewed again when it has expired again', async () => {
    const { refreshes } = api(() => json(200, RENEWED))
    const session = await tab()
    await session.renewSession(Date.now())
    await session.renewSession(Date.now())
    expect(refreshes).toHaveBeenCalledTimes(2)
  })

  test('is renewed though the last renewal came after the request, if that one is over as well', async () => {
    const { refreshes } = api(() => json(200, { ...RENEWED, expires_in: 0 }))
    const session = await tab()
    const longAgo = Date.now()
    await session.renewSession(longAgo)
    await session.renewSession(longAgo)
    expect(refreshes).toHaveBeenCalledTimes(2)
  })

  test('is renewed though the clock was set back', async () => {
    const { refreshes } = api(() => json(200, RENEWED))
    const session = await tab()
    document.cookie = `kosu_session_asked=${9e12}.1.${9e12}; path=/`
    await session.renewSession(Date.now())
    expect(refreshes).toHaveBeenCalledTimes(1)
  })

  test.each(['', '1', 'a.b.c', '1.1', '1.1.1.1'])(
    'is renewed though somebody wrote %j into the cookie',
    async (asked) => {
      const { refreshes } = api(() => json(200, RENEWED))
      document.cookie = `kosu_session_asked=${asked}; path=/`
      await (await tab()).renewSession(0)
      expect(refreshes).toHaveBeenCalledTimes(1)
    },
  )

  test('is renewed once, though storage reaches other tabs late', async () => {
    const { refreshes } = api(() => json(200, RENEWED))
    const [one, other] = [await tab(), await tab()]
    const sentAt = Date.now()
    await one.renewSession(sentAt)
    localStorage.clear()
    await other.renewSession(sentAt)
    expect(refreshes).toHaveBeenCalledTimes(1)
  })

  test('shows by the time that was told, before the server has to say so', async () => {
    api(() => json(200, RENEWED))
    const session = await tab()
    expect(session.isExpired()).toBe(false) // nothing is known
    await session.renewSession(Date.now())
    expect(session.isExpired()).toBe(false)
    vi.spyOn(Date, 'now').mockReturnValue(1_000_000 + 601_000)
    expect(session.isExpired()).toBe(true)
  })
})

describe('which refusals are worth a renewal', () => {
  test.each(['token_expired', 'sign_in_required', 'session_revoked', 'invalid_token', 'device_mismatch'])(
    '%s is',
    async (code) => {
      const { refreshes } = api(() => json(200, RENEWED), { code })
      await ask(await tab())
      expect(refreshes).toHaveBeenCalledTimes(1)
    },
  )

  test('a wrong password is not', async () => {
    const { refreshes } = api(() => json(200, RENEWED), { code: 'invalid_credentials' })
    const response = await ask(await tab())
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ code: 'invalid_credentials' })
    expect(refreshes).not.toHaveBeenCalled()
  })
})

describe('a session that has ended', () => {
  const REVOKED = { code: 'session_revoked', reason: 'revoked_by_user' }

  test('is told of once, with the reason, and the mark is taken away', async () => {
    api(() => json(401, REVOKED))
    const session = await tab()
    const told = vi.fn()
    session.onSessionEnd(told)
    const answers = await Promise.all([ask(session), ask(session)])
    expect(answers.map(({ status }) => status)).toEqual([401, 401])
    expect(told.mock.calls).toEqual([[REVOKED]])
    expect(session.isMarkedSignedIn()).toBe(false)
  })

  test('is asked about by one tab, and told to all', async () => {
    const { refreshes } = api(() => json(401, REVOKED))
    const [one, other] = [await tab(), await tab()]
    await Promise.all([ask(one), ask(other)])
    expect(refreshes).toHaveBeenCalledTimes(1)

    // Browsers send this to all tabs but the one that wrote.
    const told = vi.fn()
    other.onSessionEnd(told)
    const key = 'kosu.session_news'
    dispatchEvent(new StorageEvent('storage', { key, newValue: localStorage.getItem(key) }))
    expect(told.mock.calls).toEqual([[REVOKED]])
  })

  test('is nothing to tell strangers of', async () => {
    api(() => json(401, { code: 'sign_in_required' }))
    const session = await tab()
    session.markSignedOut()
    const told = vi.fn()
    session.onSessionEnd(told)
    await ask(session)
    expect(told).not.toHaveBeenCalled()
  })

  test('is not told to who listens no more', async () => {
    api(() => json(401, REVOKED))
    const session = await tab()
    const told = vi.fn()
    session.onSessionEnd(told)()
    await ask(session)
    expect(told).not.toHaveBeenCalled()
  })
})

describe('a server that is away', () => {
  test.each([
    ['unavailable', () => json(503, { code: 'auth_unavailable' }), { code: 'auth_unavailable', status: 503 }],
    ['too busy', () => json(429, { code: 'rate_limited' }), { code: 'rate_limited', status: 429 }],
  ])('%s: it says so, and ends no session', async (_, refresh, problem) => {
    api(refresh)
    const session = await tab()
    const told = vi.fn()
    session.onSessionEnd(told)
    const cause: unknown = await ask(session).catch((thrown: unknown) => thrown)
    expect(cause).toMatchObject(problem)
    expect(told).not.toHaveBeenCalled()
    expect(session.isMarkedSignedIn()).toBe(true)
  })

  test('is asked once for all that wait in a tab, and not by each of them in turn', async () => {
    const { refreshes } = api(() => json(503, { code: 'auth_unavailable' }))
    const session = await tab()
    await Promise.allSettled([1, 2, 3, 4, 5].map(() => ask(session)))
    expect(refreshes).toHaveBeenCalledTimes(1)
  })

  test('cannot be reached: the same, and the next request tries again', async () => {
    let isAway = true
    const { refreshes } = api(() => (isAway ? Promise.reject(new TypeError('Failed to fetch')) : json(200, RENEWED)))
    const session = await tab()
    await expect(ask(session)).rejects.toThrow(TypeError)
    expect(session.isMarkedSignedIn()).toBe(true)
    isAway = false
    expect((await ask(session)).status).toBe(200)
    expect(refreshes).toHaveBeenCalledTimes(2)
  })
})

describe('who signs in', () => {
  const ada = { user: { id: 'ada' }, expires_in: 600 }

  test('is marked, and all tabs are told whether it is the same person', async () => {
    const session = await tab()
    const told = vi.fn()
    session.onSessionStart(told)
    session.markSignedIn(ada)
    session.markSignedOut()
    session.markSignedIn(ada)
    session.markSignedIn({ ...ada, user: { id: 'bob' } })
    expect(told.mock.calls.flat()).toEqual([{ samePerson: true }, { samePerson: true }, { samePerson: false }])
    expect(session.isMarkedSignedIn()).toBe(true)
  })

  test('and then out, tells the other tabs alone', async () => {
    const session = await tab()
    const told = vi.fn()
    session.onSessionEnd(told)
    session.markSignedOut()
    expect(told).not.toHaveBeenCalled()
    expect(JSON.parse(localStorage.getItem('kosu.session_news') ?? '')).toMatchObject({
      kind: 'ended',
      end: { reason: 'signed_out' },
    })
  })
})
