'use client'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { Badge } from '@/components/ui/badge'
import { buttonStyles } from '@/components/ui/button'
import { api } from '@/lib/api/client'
import { usePages } from '@/lib/api/pages'
import { answer } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'
import { Action } from './action'
import { Filter, useChoice, useParameter } from './filter'
import { List, Row } from './list'
import { Search } from './search'
import { When } from './when'

type Account = components['schemas']['AccountView']
const roles = ['learner', 'instructor', 'operator'] as const
type Role = (typeof roles)[number]

export function Users() {
  const t = useTranslations('console')
  const [q, search] = useParameter('q')
  const [role, choose] = useChoice('role', roles)
  const pages = usePages(['console', 'users', role, q], (cursor) =>
    answer(api.GET('/api/v1/ops/users', { params: { query: { role, q, cursor } } })),
  )
  return (
    <>
      <Search label={t('searchUsers')} asked={q} onSearch={search} />
      <Filter label={t('role')} options={roles} nameOf={(each) => t(`roles.${each}`)} chosen={role} onChoose={choose} />
      <List label={t('users')} pages={pages} empty={t('noUsers')} keyOf={(account) => account.id}>
        {(account) => <AccountRow account={account} />}
      </List>
    </>
  )
}

function AccountRow({ account }: { account: Account }) {
  const t = useTranslations('console')
  const path = { params: { path: { user_id: account.id } } }
  const teaches = account.roles.includes('instructor')
  const roles = teaches ? account.roles.filter((role) => role !== 'instructor') : [...account.roles, 'instructor']
  return (
    <Row
      title={`${account.display_name} (${account.email})`}
      badge={
        <span className="flex flex-wrap gap-1.5">
          {account.roles.map((role) => (
            <Badge key={role}>{t(`roles.${role as Role}`)}</Badge>
          ))}
          {account.disabled && <Badge tone="bad">{t('disabled')}</Badge>}
        </span>
      }
      facts={[
        t('liveSessions', { count: account.live_sessions }),
        account.last_seen_at && (
          <>
            {t('lastSeen')} <When at={account.last_seen_at} />
          </>
        ),
        account.email_verified ? t('verified') : t('unverified'),
      ]}
    >
      <Link
        href={`/console/audit?user=${account.id}`}
        className={buttonStyles({ tone: 'ghost', size: 'sm', className: 'h-11' })}
      >
        {t('audit')}
      </Link>
      <Action
        name={teaches ? t('takeTeaching') : t('giveTeaching')}
        question={teaches ? t('takeTeachingQuestion') : t('giveTeachingQuestion')}
        done={t('rolesChanged')}
        act={() => answer(api.POST('/api/v1/ops/users/{user_id}/roles', { ...path, body: { roles } }))}
      />
      <Action
        name={t('endSessions')}
        question={t('endSessionsQuestion')}
        needsReason
        done={t('sessionsEnded')}
        act={(reason) => answer(api.POST('/api/v1/ops/users/{user_id}/sessions/revoke', { ...path, body: { reason } }))}
      />
      <Action
        name={account.disabled ? t('enable') : t('disable')}
        tone={account.disabled ? 'outline' : 'danger'}
        question={account.disabled ? t('enableQuestion') : t('disableQuestion')}
        needsReason
        done={account.disabled ? t('enabledDone') : t('disabledDone')}
        act={(reason) =>
          answer(
            api.POST('/api/v1/ops/users/{user_id}/disable', { ...path, body: { disabled: !account.disabled, reason } }),
          )
        }
      />
    </Row>
  )
}
