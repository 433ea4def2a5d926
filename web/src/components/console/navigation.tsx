'use client'
import { useTranslations } from 'use-intl'
import { LinkTabs } from '@/components/shell/link-tabs'

const sections = ['orders', 'webhooks', 'media', 'users', 'courses', 'audit'] as const

export function ConsoleNavigation() {
  const t = useTranslations('console')
  return (
    <div className="mb-8">
      <LinkTabs
        label={t('sections')}
        tabs={[
          { href: '/console', name: t('overview') },
          ...sections.map((name) => ({ href: `/console/${name}`, name: t(name), within: `/console/${name}/` })),
        ]}
      />
    </div>
  )
}
