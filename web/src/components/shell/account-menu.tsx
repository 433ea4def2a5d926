import { BookOpen, MonitorSmartphone, NotebookPen, ReceiptText, Settings, UserRound } from 'lucide-react'
import Link from 'next/link'
import { PopoverMenu, popoverItem } from '@/components/ui/popover-menu'
import { getTranslations } from '@/i18n/server'
import { SignOutButton } from './sign-out-button'

export async function AccountMenu() {
  const t = await getTranslations('common')
  const places = [
    ['/my-learning', t('myLearning'), BookOpen],
    ['/notes', t('notes'), NotebookPen],
    ['/orders', t('orders'), ReceiptText],
    ['/settings/devices', t('devices'), MonitorSmartphone],
    ['/settings/profile', t('settings'), Settings],
  ] as const
  return (
    <PopoverMenu
      label={t('account')}
      icon={<UserRound className="size-5" aria-hidden />}
      className="bg-accent-soft text-accent-strong hover:bg-accent-soft/70"
    >
      <nav aria-label={t('account')}>
        {places.map(([href, name, Icon]) => (
          <Link key={href} href={href} className={popoverItem}>
            <Icon className="size-4 text-muted" aria-hidden />
            {name}
          </Link>
        ))}
      </nav>
      <hr className="mx-3 my-1.5 border-line" />
      <SignOutButton />
    </PopoverMenu>
  )
}
