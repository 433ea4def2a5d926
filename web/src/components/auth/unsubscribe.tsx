'use client'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { buttonStyles } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import { LinkAction } from './link-action'

export function Unsubscribe() {
  const t = useTranslations('auth.unsubscribe')
  return (
    <LinkAction
      text={t('text')}
      button={t('confirm')}
      noToken={t('noToken')}
      act={(token) => answer(api.POST('/api/v1/notifications/unsubscribe', { params: { query: { token } } }))}
      done={({ kind }) => (
        <div className="grid gap-5">
          <Notice tone="good">{t(`done.${kind}`)}</Notice>
          <Link href="/settings/notifications" className={buttonStyles({ tone: 'outline', size: 'lg' })}>
            {t('settings')}
          </Link>
        </div>
      )}
    />
  )
}
