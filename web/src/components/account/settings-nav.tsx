'use client'
import { Bell, KeyRound, MonitorSmartphone, UserRound } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { LinkTabs } from '@/components/shell/link-tabs'

const places = [
  ['profile', UserRound],
  ['devices', MonitorSmartphone],
  ['security', KeyRound],
  ['notifications', Bell],
] as const

export function SettingsNav() {
  const t = useTranslations('settings')
  const tabs = places.map(([name, icon]) => ({ href: `/settings/${name}`, name: t(`${name}.name`), icon }))
  return <LinkTabs label={t('title')} tabs={tabs} beside />
}
