import { signedInCookie } from './marks'

/**
 * The browser's session: renewed once for all tabs, and told of when it ends.
 *
 * The tokens are in cookies that no script reads. What is kept beside them for scripts and the server's first answer
 * is a mark that somebody is signed in: it decides what the header shows, and nothing else.
 */

const RENEWED_AT = 'kosu.session_renewed_at'
const MARK_SECONDS = 30 * 24 * 3600

export const markSignedIn = () => {
  document.cookie = `${signedInCookie}=1; path=/; max-age=${MARK_SECONDS}; samesite=lax`
}
export const markSignedOut = () => {
  document.cookie = `${signedInCookie}=; path=/; max-age=0; samesite=lax`
}
export const isMarkedSignedIn = () => document.cookie.split('; ').includes(`${signedInCookie}=1`)

/** Why a session ended: the code of the refused refresh, such as `session_revoked`. */
export type SessionEnd = { code: string }

const ends = new EventTarget()

/** Calls back when this browser's session has ended; returns what stops it. */
export function onSessionEnd(listener: (end: SessionEnd) => void): () => void {
  const heard = (event: Event) => listener((event as CustomEvent<SessionEnd>).detail)
  ends.addEventListener('end', heard)
  return () => ends.removeEventListener('end', heard)
}

let renewal: Promise<boolean> | undefined

/**
 * Renews the session. All that ask at once, in this tab and in others, share one request: a lock lets one tab ask, and
 * those that waited see that it was renewed after their own request had been sent.
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
  await navigator.locks.request('kosu-session', () => renewUnlessDone(sentAt))

async function renewUnlessDone(sentAt: number): Promise<boolean> {
  if (Number(localStorage.getItem(RENEWED_AT) ?? 0) > sentAt) return true
  const response = await fetch('/api/v1/auth/refresh', { method: 'POST' })
  if (response.ok) {
    localStorage.setItem(RENEWED_AT, String(Date.now()))
    markSignedIn()
    return true
  }
  // Only a refusal ends the session; a server that is away says nothing about it.
  if (response.status === 401) {
    const { code = 'session_expired' } = (await response.json().catch(() => ({}))) as { code?: string }
    const wasSignedIn = isMarkedSignedIn()
    markSignedOut()
    if (wasSignedIn) ends.dispatchEvent(new CustomEvent<SessionEnd>('end', { detail: { code } }))
  }
  return false
}

/** fetch, with the session renewed and the request sent once more where the access token had expired. */
export async function fetchRenewing(request: Request): Promise<Response> {
  const again = request.clone() // a body can be read once only
  const sentAt = Date.now()
  const response = await fetch(request)
  if (response.status !== 401 || !(await expiredToken(response))) return response
  return (await renewSession(sentAt)) ? fetch(again) : response
}

// Wrong passwords and wrong links are 401 as well, and no refresh mends them.
async function expiredToken(response: Response): Promise<boolean> {
  const { code } = (await response
    .clone()
    .json()
    .catch(() => ({}))) as { code?: string }
  return code !== 'invalid_credentials' && code !== 'wrong_password' && code !== 'bad_signature'
}
