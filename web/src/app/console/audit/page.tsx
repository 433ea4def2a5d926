import type { Metadata } from 'next'
import { AuditLog } from '@/components/console/audit'
import { Titled } from '@/components/console/titled'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('console')
  return { title: t('audit') }
}

export default function Page() {
  return (
    <Titled title="audit">
      <AuditLog />
    </Titled>
  )
}
