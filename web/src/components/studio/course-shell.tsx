'use client'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { LinkTabs } from '@/components/shell/link-tabs'
import { Loaded } from '@/components/shell/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { courseQuery } from './queries'
import { StateBadge } from './state-badge'
import { StateBar } from './state-bar'

/** What is around each page of a course: its name, its state, and the ways between the pages. */
export function CourseShell({ id, children }: { id: string; children: React.ReactNode }) {
  const t = useTranslations('studio.tabs')
  const course = useQuery(courseQuery(id))
  const at = `/studio/courses/${id}`
  return (
    <Loaded
      query={course}
      skeleton={
        <div className="grid gap-5 py-8">
          <Skeleton className="h-10 w-80 max-w-full" />
          <Skeleton className="h-20" />
          <Skeleton className="h-[40rem]" />
        </div>
      }
    >
      {(loaded) => (
        <>
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pt-8 pb-5">
            <h1 className="min-w-0 text-3xl font-extrabold">{loaded.title}</h1>
            <StateBadge state={loaded.state} rejected={loaded.rejection_reason !== null} />
          </div>
          <StateBar course={loaded} />
          <div className="mt-6">
            <LinkTabs
              label={t('label')}
              tabs={[
                { href: at, name: t('details') },
                { href: `${at}/curriculum`, name: t('curriculum') },
                { href: `${at}/media`, name: t('media') },
                { href: `${at}/analytics`, name: t('analytics') },
              ]}
            />
          </div>
          <div className="pt-8">{children}</div>
        </>
      )}
    </Loaded>
  )
}
