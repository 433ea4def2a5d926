'use client'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { buttonStyles } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import { LinkAction } from './link-action'

export function VerifyEmail() {
  const t = useTranslations('auth.verify')
  return (
    <LinkAction
      text={t('text')}
      button={t('confirm')}
      noToken={t('noToken')}
      act={(token) => answer(api.POST('/api/v1/auth/email/verify', { body: { token } }))}
      done={() => (
        <div className="grid gap-5">
          <Notice tone="good">{t('done')}</Notice>
          <Link href="/" className={buttonStyles({ size: 'lg' })}>
            {t('onward')}
          </Link>
        </div>
      )}
    />
  )
}
