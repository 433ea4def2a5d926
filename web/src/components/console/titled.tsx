import { Suspense } from 'react'
import { Skeleton } from '@/components/ui/skeleton'
import { getTranslations } from '@/i18n/server'

type Section = 'overview' | 'orders' | 'webhooks' | 'media' | 'users' | 'courses' | 'audit'

/** A part of the console under its title. Its lists read the page's address, which waits for the browser. */
export async function Titled({ title, children }: { title: Section; children: React.ReactNode }) {
  const t = await getTranslations('console')
  return (
    <>
      <h1 className="mb-5 text-3xl font-bold">{t(title)}</h1>
      <Suspense fallback={<Skeleton className="h-64" />}>{children}</Suspense>
    </>
  )
}
