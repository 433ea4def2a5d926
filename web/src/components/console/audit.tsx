'use client'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { api } from '@/lib/api/client'
import { usePages } from '@/lib/api/pages'
import { answer } from '@/lib/api/problem'
import { useParameter } from './filter'
import { List, Row } from './list'
import { When } from './when'

export function AuditLog() {
  const t = useTranslations('console')
  const [user, setUser] = useParameter('user')
  const pages = usePages(['console', 'audit', user], (cursor) =>
    answer(api.GET('/api/v1/ops/audit', { params: { query: { user_id: user, cursor } } })),
  )
  return (
    <>
      {user && (
        <p className="mb-4 flex flex-wrap items-center gap-3 text-muted [overflow-wrap:anywhere]">
          {t('auditOf', { user })}
          <Button tone="outline" size="sm" className="h-11" onClick={() => setUser(undefined)}>
            {t('all')}
          </Button>
        </p>
      )}
      <List label={t('audit')} pages={pages} empty={t('noAudit')} keyOf={(entry) => entry.id}>
        {(entry) => {
          const action = entry.action as Parameters<typeof t>[0] & string
          const words = `action.${action}` as Parameters<typeof t.has>[0]
          return (
            <Row
              title={t.has(words) ? t(words as 'action.logged_in') : entry.action}
              facts={[
                <When key="at" at={entry.at} />,
                entry.actor_id && t('by', { actor: entry.actor_id }),
                entry.user_id && t('about', { user: entry.user_id }),
                entry.ip,
                [entry.browser, entry.os].filter(Boolean).join(', '),
                Object.entries(entry.detail)
                  .filter(([, value]) => value !== '')
                  .map(([name, value]) => `${name}: ${String(value)}`)
                  .join(', '),
              ]}
            />
          )
        }}
      </List>
    </>
  )
}
