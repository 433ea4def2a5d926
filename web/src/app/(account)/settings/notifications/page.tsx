import type { Metadata } from 'next'
import { NotificationChoices } from '@/components/account/notification-choices'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('settings')
  return { title: t('notifications.name') }
}

export default async function NotificationsPage() {
  const t = await getTranslations('settings')
  return (
    <>
      <header>
        <h1 className="text-3xl font-extrabold">{t('notifications.name')}</h1>
        <p className="mt-1.5 text-muted">{t('notifications.text')}</p>
      </header>
      <NotificationChoices />
    </>
  )
}
