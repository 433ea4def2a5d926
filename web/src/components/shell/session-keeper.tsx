'use client'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { keepChoice } from '@/i18n/choose'
import { knownTimeZone, timeZoneCookie } from '@/i18n/time-zone'
import { onSessionEnd, renewSession, type SessionEnd } from '@/lib/api/session'

const SessionEnded = dynamic(() => import('./session-ended').then((module) => module.SessionEnded))

type Props = {
  /** Whether somebody is signed in here whom the server had to answer as a stranger. */
  stale: boolean
  timeZone: string
}

/**
 * Renews the session of a visitor whom the server had to answer as a stranger, and tells one whose session was ended
 * why. Also tells the server in which time zone the browser is.
 */
export function SessionKeeper({ stale, timeZone }: Props) {
  const router = useRouter()
  const [end, setEnd] = useState<SessionEnd>()
  useEffect(() => onSessionEnd(setEnd), [])
  useEffect(() => {
    if (stale) void renewSession(Date.now()).then((renewed) => renewed && router.refresh())
  }, [router, stale])
  useEffect(() => {
    const own = knownTimeZone(Intl.DateTimeFormat().resolvedOptions().timeZone)
    if (own === timeZone) return
    keepChoice(timeZoneCookie, own)
    router.refresh()
  }, [router, timeZone])
  return end ? <SessionEnded end={end} onClose={() => setEnd(undefined)} /> : null
}
