import { askedCookie, signedInCookie } from './marks'
import { problemOf } from './problem'

/**
 * The browser's session: renewed once for all tabs, which all hear of it when it starts or ends.
 *
 * The tokens are in cookies that no script reads. What is kept beside them for scripts and the server's first answer
 * is a mark that somebody is signed in: it decides what is shown, and nothing else.
 */

const NEWS = 'kosu.session_news'
const PERSON = 'kosu.person'
const MARK_SECONDS = 30 * 24 * 3600

const keep = (name: string, value: string, seconds = MARK_SECONDS) => {
  document.cookie = `${name}=${value}; path=/; max-age=${seconds}; samesite=lax`
}
const kept = (name: string) =>
  document.cookie
    .split('; ')
    .find((cookie) => cookie.startsWith(`${name}=`))
    ?.slice(name.length + 1)

const mark = () => keep(signedInCookie, '1')
const unmark = () => keep(signedInCookie, '', 0)
export const isMarkedSignedIn = () => kept(signedInCookie) === '1'

/** Why a session ended: the code of the refused refresh, and the reason that `session_revoked` tells. */
export type SessionEnd = { code: string; reason: string | null }
/** `samePerson`: whether it is who was last signed in here, so that what is on the page is theirs. */
export type SessionStart = { samePerson: boolean }
type News = { kind: 'ended'; end: SessionEnd } | { kind: 'started'; start: SessionStart }

const here = new EventTarget()

/** In this tab by an event, in the others by what browsers send them of a changed storage. */
function tell(news: News) {
  tellOthers(news)
  here.dispatchEvent(new CustomEvent<News>('news', { detail: news }))
}
const tellOthers = (news: News) => localStorage.setItem(NEWS, JSON.stringify({ ...news, at: Date.now() }))

function onNews(listener: (news: News) => void): () => void {
  const fromHere = (event: Event) => listener((event as CustomEvent<News>).detail)
  const fromOthers = ({ key, newValue }: StorageEvent) => {
    if (key === NEWS && newValue) listener(JSON.parse(newValue) as News)
  }
  here.addEventListener('news', fromHere)
  addEventListener('storage', fromOthers)
  return () => {
    here.removeEventListener('news', fromHere)
    removeEventListener('storage', fromOthers)
  }
}

/** Calls back when this browser's session has ended, whichever tab found out; returns what stops it. */
export const onSessionEnd = (listener: (end: SessionEnd) => void) =>
  onNews((news) => news.kind === 'ended' && listener(news.end))

/** Calls back when somebody has signed in, in whichever tab; returns what stops it. */
export const onSessionStart = (listener: (start: SessionStart) => void) =>
  onNews((news) => news.kind === 'started' && listener(news.start))

type SignedIn = { user: { id: string }; expires_in: number }

/** Say that this person has just signed in here. */
export function markSignedIn({ user, expires_in }: SignedIn) {
  const start = { samePerson: (localStorage.getItem(PERSON) ?? user.id) === user.id }
  localStorage.setItem(PERSON, user.id)
  keepAsked(expires_in)
  mark()
  tell({ kind: 'started', start })
}

/** Say that the person here has just signed out: other tabs are told, this one knows. */
export function markSignedOut() {
  unmark()
  tellOthers({ kind: 'ended', end: { code: 'session_revoked', reason: 'signed_out' } })
}

let renewal: Promise<boolean> | undefined

/**
 * Renews the session. All that ask at once, in this tab and in others, share one request: a lock lets one tab ask, and
 * those that waited see what it was answered after their own request had been sent.
 *
 * Throws Problem, or TypeError as fetch does, where it cannot be told whether the session lives.
 *
 * @param sentAt when the request that was refused had been sent, ms since the epoch
 * @returns whether the request may be sent again
 */
export function renewSession(sentAt: number): Promise<boolean> {
  renewal ??= renewInOneTab(sentAt).finally(() => {
    renewal = undefined
  })
  return renewal
}

const renewInOneTab = async (sentAt: number) =>
  await navigator.locks.request('kosu-session', () => renewUnlessAsked(sentAt))

async function renewUnlessAsked(sentAt: number): Promise<boolean> {
  const [last, now] = [lastAsked(), Date.now()]
  if (last && last.at > sentAt && last.at <= now && (!last.renewed || last.until > now)) return last.renewed
  const response = await fetch('/api/v1/auth/refresh', { method: 'POST' })
  const body: unknown = await response.json().catch(() => null)
  if (response.ok) {
    keepAsked((body as { expires_in: number }).expires_in)
    mark()
    return true
  }
  // Only a refusal ends the session; a server that is away says nothing about it.
  const problem = problemOf(response, body)
  if (response.status !== 401) throw problem
  keepAsked(null)
  const wasSignedIn = isMarkedSignedIn()
  unmark()
  const { reason } = problem.extensions
  if (wasSignedIn)
    tell({ kind: 'ended', end: { code: problem.code, reason: typeof reason === 'string' ? reason : null } })
  return false
}

/** When a token was last asked for, in any tab; whether there is one since, and how long it holds. */
type Asked = { at: number; renewed: boolean; until: number }

// In a cookie, for who gets the lock next has to see it: storage reaches other tabs some time after it was written.
function keepAsked(seconds: number | null) {
  const at = Date.now()
  keep(askedCookie, [at, Number(seconds !== null), at + (seconds ?? 0) * 1000].join('.'))
  kept(askedCookie) // a browser may write later, but not after it has read
}

function lastAsked(): Asked | null {
  const parts = kept(askedCookie)?.split('.').map(Number)
  if (parts?.length !== 3 || parts.some(Number.isNaN)) return null
  const [at = 0, renewed, until = 0] = parts
  return { at, renewed: renewed === 1, until }
}

/** Whether the server can only answer as to a stranger, for the access token of who is signed in has expired. */
export function isExpired(): boolean {
  const last = lastAsked()
  return isMarkedSignedIn() && last !== null && last.until <= Date.now()
}

/** fetch, with the session renewed and the request sent once more where the access token had expired. */
export async function fetchRenewing(request: Request): Promise<Response> {
  const again = request.clone() // a body can be read once only
  const sentAt = Date.now()
  const response = await fetch(request)
  if (response.status !== 401 || !(await isAboutTheSession(response))) return response
  return (await renewSession(sentAt)) ? fetch(again) : response
}

// A wrong password is a 401 as well, and no refresh mends it.
async function isAboutTheSession(response: Response): Promise<boolean> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null)
  return problemOf(response, body).code !== 'invalid_credentials'
}
