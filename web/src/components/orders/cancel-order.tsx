'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { Dialog, DialogClose, DialogContent, DialogTrigger } from '@/components/ui/dialog'
import { Notice } from '@/components/ui/notice'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import { useProblemWords } from '@/lib/api/words'
import type { Order } from '@/lib/checkout/order-state'

export function CancelOrder({ order }: { order: Order }) {
  const t = useTranslations('checkout.cancel')
  const explain = useProblemWords()
  const queries = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const cancel = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/v1/orders/{order_id}/cancel', { params: { path: { order_id: order.id } } })),
    onSuccess: (cancelled) => {
      setOpen(false)
      queries.setQueryData(['orders', order.id], cancelled)
    },
    // It may have been paid in this very moment: what is shown is looked at again.
    onSettled: () => queries.invalidateQueries({ queryKey: ['orders'] }),
  })
  return (
    <Dialog open={isOpen} onOpenChange={setOpen}>
      <DialogTrigger render={<Button tone="ghost" size="lg" />}>{t('button')}</DialogTrigger>
      <DialogContent title={t('question')} description={t('text')}>
        <div className="grid gap-4">
          {cancel.isError && <Notice tone="bad">{explain(cancel.error)}</Notice>}
          <div className="flex flex-wrap justify-end gap-3">
            <DialogClose render={<Button tone="ghost" />}>{t('keep')}</DialogClose>
            <Button tone="danger" busy={cancel.isPending} onClick={() => cancel.mutate()}>
              {t('button')}
            </Button>
          </div>
        </div>
      </DialogContent>
    </Dialog>
  )
}
