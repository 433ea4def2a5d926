'use client'
import { useTranslations } from 'use-intl'
import { SignIn } from '@/components/auth/sign-in'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import type { SessionEnd } from '@/lib/api/session'

const reasons = [
  'revoked_by_user',
  'evicted',
  'replaced',
  'signed_out',
  'password_changed',
  'revoked_by_operator',
  'account_disabled',
  'account_deleted',
  'refresh_replayed',
  'device_mismatch',
] as const
const closed: readonly string[] = ['account_disabled', 'account_deleted']

/** Tells why, and signs in on the spot: whatever was typed on the page stays there. */
export function SessionEnded({ end, onClose }: { end: SessionEnd; onClose: () => void }) {
  const t = useTranslations('common.sessionEnded')
  const why = reasons.find((each) => each === end.reason || each === end.code) ?? 'expired'
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent title={t('title')} description={t(`why.${why}`)}>
        {!closed.includes(why) && (
          <div className="grid gap-5">
            <p className="text-muted">{t('kept')}</p>
            <SignIn onSignedIn={onClose} />
          </div>
        )}
      </DialogContent>
    </Dialog>
  )
}
