'use client'
import { useQuery } from '@tanstack/react-query'
import { CircleCheck, TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'use-intl'
import { Loaded } from '@/components/shell/loaded'
import { Badge } from '@/components/ui/badge'
import { Skeleton } from '@/components/ui/skeleton'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'
import { Panel } from './panel'
import { When } from './when'

const LOOK_EVERY_MS = 30_000
const GIB = 1024 ** 3

type Health = components['schemas']['OpsHealth']

const skeleton = (
  <div className="grid gap-5 lg:grid-cols-2">
    {[0, 1, 2, 3].map((panel) => (
      <Skeleton key={panel} className="h-60" />
    ))}
  </div>
)

/** Whether anything needs a hand. */
export function Overview() {
  const health = useQuery({
    queryKey: ['console', 'health'],
    queryFn: () => answer(api.GET('/api/v1/ops/health')),
    refetchInterval: LOOK_EVERY_MS,
  })
  return (
    <Loaded query={health} skeleton={skeleton}>
      {(loaded) => (
        <div className="grid gap-5 lg:grid-cols-2">
          <Books health={loaded} />
          <Queues health={loaded} />
          <Runs health={loaded} />
          <DiskSpace health={loaded} />
        </div>
      )}
    </Loaded>
  )
}

const places = {
  dead_webhooks: '/console/webhooks?state=dead',
  overdue_webhooks: '/console/webhooks?state=received',
  stale_orders: '/console/orders?state=pending',
} as const

function Books({ health }: { health: Health }) {
  const t = useTranslations('console')
  const { examined_at, findings } = health.books
  return (
    <Panel title={t('books')}>
      <ul className="grid gap-2">
        {(Object.keys(findings) as (keyof typeof findings)[]).map((name) => {
          const { count, first } = findings[name]
          return (
            <Finding key={name} fine={count === 0}>
              {t(`finding.${name}`, { count })}
              {count > 0 && name in places && (
                <Link href={places[name as keyof typeof places]} className="ml-2 font-semibold text-accent underline">
                  {t('look')}
                </Link>
              )}
              {count > 0 && (
                <span className="block text-xs text-muted [overflow-wrap:anywhere]">{first.join(', ')}</span>
              )}
            </Finding>
          )
        })}
      </ul>
      <p className="mt-4 text-sm text-muted">
        {t('examined')} <When at={examined_at} />
      </p>
    </Panel>
  )
}

function Finding({ fine, children }: { fine: boolean; children: React.ReactNode }) {
  const Icon = fine ? CircleCheck : TriangleAlert
  return (
    <li className="flex gap-2.5">
      <Icon className={fine ? 'mt-0.5 size-5 shrink-0 text-good' : 'mt-0.5 size-5 shrink-0 text-bad'} aria-hidden />
      <div className="min-w-0 flex-1">{children}</div>
    </li>
  )
}

function Queues({ health }: { health: Health }) {
  const t = useTranslations('console')
  return (
    <Panel title={t('queues')}>
      <ul className="grid gap-4">
        {health.queues.map((queue) => (
          <li key={queue.name} className="grid gap-1">
            <p className="flex flex-wrap items-center gap-2 font-semibold">
              {t(`queue.${queue.name as 'payments' | 'default' | 'media'}`)}
              {queue.workers_online === false && <Badge tone="bad">{t('noWorker')}</Badge>}
              {queue.workers_online === null && <Badge tone="warn">{t('workerUnknown')}</Badge>}
              {queue.workers_online && <Badge tone="good">{t('workerOnline')}</Badge>}
              {queue.dead_letters > 0 && <Badge tone="bad">{t('deadLetters', { count: queue.dead_letters })}</Badge>}
            </p>
            <p className="text-sm text-muted">
              {t('waiting', { count: queue.waiting })}
              {queue.oldest_at && (
                <>
                  {', '}
                  {t('oldest')} <When at={queue.oldest_at} />
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Runs({ health }: { health: Health }) {
  const t = useTranslations('console')
  const { queued, processing, stalled } = health.runs
  return (
    <Panel title={t('runs')}>
      <ul className="grid gap-2">
        <Finding fine={stalled === 0}>
          {t('stalledRuns', { count: stalled })}
          {stalled > 0 && (
            <Link href="/console/media?state=stalled" className="ml-2 font-semibold text-accent underline">
              {t('look')}
            </Link>
          )}
        </Finding>
        <li className="text-muted">{t('runsUnderWay', { processing, queued })}</li>
      </ul>
    </Panel>
  )
}

function DiskSpace({ health }: { health: Health }) {
  const t = useTranslations('console')
  const format = useFormatter()
  const gib = (bytes: number) => format.number(bytes / GIB, { maximumFractionDigits: 0 })
  const { free_bytes, total_bytes } = health.disk
  return (
    <Panel title={t('disk')}>
      <ul>
        <Finding fine={free_bytes > 5 * GIB}>
          {t('diskFree', { free: gib(free_bytes), total: gib(total_bytes) })}
        </Finding>
      </ul>
    </Panel>
  )
}
