'use client'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'use-intl'
import { buttonStyles } from '@/components/ui/button'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import type { SessionEnd } from '@/lib/api/session'

const told = ['session_revoked', 'session_expired', 'refresh_replayed', 'device_mismatch'] as const

export function SessionEnded({ end, onClose }: { end: SessionEnd; onClose: () => void }) {
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
