'use client'
import dynamic from 'next/dynamic'
import { usePathname, useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { keepChoice } from '@/i18n/choose'
import { knownTimeZone, timeZoneCookie } from '@/i18n/time-zone'
import {
  isExpired,
  isMarkedSignedIn,
  onSessionEnd,
  onSessionStart,
  renewSession,
  type SessionEnd,
  type SessionStart,
} from '@/lib/api/session'

const SessionEnded = dynamic(() => import('./session-ended').then((module) => module.SessionEnded))

type Props = {
  /** Whether somebody is signed in here whom the server had to answer as a stranger. */
  stale: boolean
  timeZone: string
}

/**
 * Renews the session of a visitor whom the server had to answer as a stranger, now or at a later page, and tells one
 * whose session was ended why, in every tab. Also tells the server in which time zone the browser is.
 */
export function SessionKeeper({ stale, timeZone }: Props) {
  const router = useRouter()
  const pathname = usePathname()
  const [end, setEnd] = useState<SessionEnd>()

  const start = useEffectEvent(({ samePerson }: SessionStart) => {
    // What is on the page may be another person's.
    if (end && !samePerson) return location.replace('/') // another person's page is not to be gone back to
    setEnd(undefined)
    router.refresh()
  })
  useEffect(() => onSessionEnd(setEnd), [])
  useEffect(() => onSessionStart((started) => start(started)), [])

  // Tabs that are opened at once were all answered as strangers; what one of them renewed since holds for all.
  const sentAt = useRef<number>(null)
  useEffect(() => {
    const since = sentAt.current ?? performance.timeOrigin
    sentAt.current = Date.now()
    if (!stale && !isExpired()) return
    renewSession(since).then(
      (renewed) => renewed && router.refresh(),
      () => undefined, // the server is away: what is asked for next tries again
    )
  }, [pathname, router, stale])

  useEffect(() => {
    const own = knownTimeZone(Intl.DateTimeFormat().resolvedOptions().timeZone)
    if (own === timeZone) return
    keepChoice(timeZoneCookie, own)
    // Strangers see few dates, and no hours: their first page is not worth being made twice.
    if (isMarkedSignedIn()) router.refresh()
  }, [router, timeZone])

  return end ? <SessionEnded end={end} onClose={() => setEnd(undefined)} /> : null
}
