import type { Metadata } from 'next'
import { DeviceList } from '@/components/devices/device-list'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('settings')
  return { title: t('devices.name') }
}

export default async function DevicesPage() {
  const t = await getTranslations('settings')
  return (
    <>
      <header>
        <h1 className="text-3xl font-extrabold">{t('devices.name')}</h1>
        <p className="mt-1.5 text-muted">{t('devices.text')}</p>
      </header>
      <DeviceList />
    </>
  )
}
