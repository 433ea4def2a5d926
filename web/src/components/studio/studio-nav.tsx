'use client'
import { useTranslations } from 'use-intl'
import { NavTabs } from './nav-tabs'

export function StudioNav() {
  const t = useTranslations('studio')
  return (
    <NavTabs
      label={t('navigation')}
      tabs={[
        { href: '/studio', name: t('courses'), also: '/studio/courses/' },
        { href: '/studio/questions', name: t('questions') },
        { href: '/studio/earnings', name: t('earnings') },
      ]}
    />
  )
}
