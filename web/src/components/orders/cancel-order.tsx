'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Confirm } from '@/components/shell/confirm'
import { Button } from '@/components/ui/button'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import type { Order } from '@/lib/checkout/order-state'

export function CancelOrder({ order }: { order: Order }) {
  const t = useTranslations('checkout.cancel')
  const queries = useQueryClient()
  const [isAsking, setIsAsking] = useState(false)
  const cancel = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/v1/orders/{order_id}/cancel', { params: { path: { order_id: order.id } } })),
    onSuccess: (cancelled) => {
      queries.setQueryData(['orders', order.id], cancelled)
    },
    // It may have been paid in this very moment: what is shown is looked at again.
    onSettled: () => void queries.invalidateQueries({ queryKey: ['orders'] }),
  })
  return (
    <>
      <Button tone="ghost" size="lg" aria-haspopup="dialog" onClick={() => setIsAsking(true)}>
        {t('button')}
      </Button>
      <Confirm
        open={isAsking}
        title={t('question')}
        text={t('text')}
        action={t('button')}
        cancel={t('keep')}
        act={() => cancel.mutateAsync()}
        onClose={() => setIsAsking(false)}
      />
    </>
  )
}
