'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { ArrowLeft, Download, Printer } from 'lucide-react'
import Link from 'next/link'
import { useRef } from 'react'
import { useLocale, useTranslations } from 'use-intl'
import { QueryTrouble } from '@/components/shell/query-trouble'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { useProblemWords } from '@/lib/api/words'
import { receiptHtml, receiptPdf } from '@/lib/checkout/receipt'
import { download } from '@/lib/download'

const fit = (frame: HTMLIFrameElement) => {
  const sheet = frame.contentDocument?.documentElement
  if (sheet) frame.style.height = `${sheet.scrollHeight}px`
}

/** The API's own document in a frame, so that screen, paper and PDF say the same. */
export function Receipt({ orderId }: { orderId: string }) {
  const t = useTranslations('checkout.receipt')
  const explain = useProblemWords()
  const locale = useLocale()
  const frame = useRef<HTMLIFrameElement>(null)
  const receipt = useQuery({
    queryKey: ['orders', orderId, 'receipt', locale],
    queryFn: () => receiptHtml({ orderId, locale }),
    staleTime: Infinity,
  })
  const keep = useMutation({
    mutationFn: async () => {
      const { file, name } = await receiptPdf({ orderId, locale })
      download(file, name)
    },
  })
  return (
    <div className="mx-auto grid max-w-3xl gap-5 px-5 py-8 md:py-12">
      <Link href={`/checkout/${orderId}`} className="flex items-center gap-2 justify-self-start py-2 font-semibold">
        <ArrowLeft className="size-4" aria-hidden />
        {t('toOrder')}
      </Link>
      <div className="flex flex-wrap items-center justify-between gap-4">
        <h1 className="text-3xl font-extrabold">{t('title')}</h1>
        {receipt.data && (
          <div className="flex flex-wrap gap-3">
            <Button tone="outline" onClick={() => frame.current?.contentWindow?.print()}>
              <Printer className="size-4" aria-hidden />
              {t('print')}
            </Button>
            <Button tone="outline" busy={keep.isPending} onClick={() => keep.mutate()}>
              <Download className="size-4" aria-hidden />
              {t('pdf')}
            </Button>
          </div>
        )}
      </div>
      {keep.isError && <Notice tone="bad">{explain(keep.error)}</Notice>}
      {receipt.isError && <QueryTrouble problem={receipt.error} onRetry={() => void receipt.refetch()} />}
      {receipt.data && (
        <iframe
          ref={frame}
          title={t('title')}
          srcDoc={receipt.data}
          sandbox="allow-same-origin allow-modals" // to be measured and printed; it has no scripts
          onLoad={(event) => fit(event.currentTarget)}
          className="h-[40rem] w-full rounded-card border border-line bg-white shadow-card"
        />
      )}
      {receipt.isPending && <Skeleton className="h-[40rem] rounded-card" />}
    </div>
  )
}
