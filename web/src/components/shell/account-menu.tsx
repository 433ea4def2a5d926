'use client'
import { BookOpen, LogOut, MonitorSmartphone, NotebookPen, ReceiptText, Settings, UserRound } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '@/components/ui/menu'
import { signOut } from '@/lib/api/sign-out'

export function AccountMenu() {
  const t = useTranslations('common')
  return (
    <Menu>
      <MenuTrigger
        aria-label={t('account')}
        className="grid size-11 place-items-center rounded-full bg-accent-soft text-accent-strong hover:bg-accent-soft/70"
      >
        <UserRound className="size-5" aria-hidden />
      </MenuTrigger>
      <MenuContent>
        {(
          [
            ['/my-learning', t('myLearning'), BookOpen],
            ['/notes', t('notes'), NotebookPen],
            ['/orders', t('orders'), ReceiptText],
            ['/settings/devices', t('devices'), MonitorSmartphone],
            ['/settings/profile', t('settings'), Settings],
          ] as const
        ).map(([href, name, Icon]) => (
          <MenuItem key={href} render={<Link href={href} />}>
            <Icon className="size-4 text-muted" aria-hidden />
            {name}
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem onClick={signOut}>
          <LogOut className="size-4 text-muted" aria-hidden />
          {t('signOut')}
        </MenuItem>
      </MenuContent>
    </Menu>
  )
}
