import type { Metadata } from 'next'
import { Users } from '@/components/console/users'
import { Titled } from '@/components/console/titled'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('console')
  return { title: t('users') }
}

export default function Page() {
  return (
    <Titled title="users">
      <Users />
    </Titled>
  )
}
