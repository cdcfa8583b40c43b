import { Link } from 'wouter';

/** Words that the page uses, explained. */
const WORDS: readonly (readonly [string, string])[] = [
  [
    'Staking',
    'Lending SOL to the computers that run Solana, so that they may vote. They are paid for it and pass most of that on.',
  ],
  ['Validator', 'One of those computers, and who runs it.'],
  ['Pool', 'An account on Solana that holds the SOL of many people and stakes it for them.'],
  [
    'Share',
    'The token that you get for your SOL. It is a part of the pool: what the pool earns makes each share worth more SOL.',
  ],
  [
    'Epoch',
    'Solana’s unit of time, about a day. Staking begins, ends and is paid only where one epoch ends and the next begins.',
  ],
  [
    'Ticket',
    'Your place in the queue when you leave without a fee. It goes on earning until it is paid.',
  ],
  ['Program', 'The code on Solana that holds the pool’s SOL and follows the rules.'],
];

/** The few words that the page cannot do without. */
export function Words() {
  return (
    <dl>
      {WORDS.map(([word, meaning]) => (
        <div key={word}>
          <dt>{word}</dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Link to the pool page, or to a part of it. */
export function ToPool({ children }: { readonly children: string }) {
  return <Link href="/pool">{children}</Link>;
}

/** Link to the page that compares the books with the chain. */
export function ToVerify({ children }: { readonly children: string }) {
  return <Link href="/verify">{children}</Link>;
}
