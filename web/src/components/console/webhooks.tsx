'use client'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { api } from '@/lib/api/client'
import { usePages } from '@/lib/api/pages'
import { answer } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'
import { Filter, useChoice } from './filter'
import { List, Row } from './list'
import { WebhookBadge } from './states'
import { When } from './when'

type State = components['schemas']['WebhookState']
const states: State[] = ['dead', 'failed', 'received', 'processing', 'processed', 'ignored']

export function Webhooks() {
  const t = useTranslations('console')
  const [state, choose] = useChoice('state', states)
  const pages = usePages(['console', 'webhooks', state], (cursor) =>
    answer(api.GET('/api/v1/ops/webhooks', { params: { query: { state, cursor } } })),
  )
  return (
    <>
      <Filter
        label={t('state')}
        options={states}
        nameOf={(each) => t(`webhookState.${each}`)}
        chosen={state}
        onChoose={choose}
      />
      <List label={t('webhooks')} pages={pages} empty={t('noWebhooks')} keyOf={(webhook) => webhook.id}>
        {(webhook) => (
          <Row
            title={
              <Link href={`/console/webhooks/${webhook.id}`} className="underline-offset-4 hover:underline">
                {webhook.gateway}: {webhook.event_type}
              </Link>
            }
            badge={<WebhookBadge state={webhook.state} />}
            facts={[
              webhook.payment_ref,
              t('attempts', { count: webhook.attempts }),
              webhook.error_code,
              <When key="at" at={webhook.received_at} />,
            ]}
          />
        )}
      </List>
    </>
  )
}
