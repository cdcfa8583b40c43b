import { Icon, type IconProps } from './Icon.js';

export function UpIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="m6 14 6-6 6 6" />
    </Icon>
  );
}
