'use client'
import { useTranslations } from 'use-intl'
import { LinkTabs } from '@/components/shell/link-tabs'

export function StudioNav() {
  const t = useTranslations('studio')
  return (
    <LinkTabs
      label={t('navigation')}
      tabs={[
        { href: '/studio', name: t('courses'), within: '/studio/courses/' },
        { href: '/studio/questions', name: t('questions') },
        { href: '/studio/earnings', name: t('earnings') },
      ]}
    />
  )
}
