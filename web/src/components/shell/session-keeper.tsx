'use client'
import { useRouter, usePathname } from 'next/navigation'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { buttonStyles } from '@/components/ui/button'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { keepChoice } from '@/i18n/choose'
import { knownTimeZone, timeZoneCookie } from '@/i18n/time-zone'
import { onSessionEnd, renewSession, type SessionEnd } from '@/lib/api/session'

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
  return end ? <Ended end={end} onClose={() => setEnd(undefined)} /> : null
}

const told = ['session_revoked', 'session_expired', 'refresh_replayed', 'device_mismatch'] as const

function Ended({ end, onClose }: { end: SessionEnd; onClose: () => void }) {
  const t = useTranslations('common')
  const pathname = usePathname()
  const code = told.find((each) => each === end.code) ?? 'session_expired'
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent title={t('sessionEnded.title')} description={t(`sessionEnded.${code}`)}>
        <a href={`/sign-in?next=${encodeURIComponent(pathname)}`} className={buttonStyles()}>
          {t('signIn')}
        </a>
      </DialogContent>
    </Dialog>
  )
}
