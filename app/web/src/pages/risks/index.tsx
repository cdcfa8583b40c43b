import { Link } from 'wouter';
import { Notice, Page } from '../../ui/index.js';
import { Section } from './Section.js';
import styles from './risks.module.css';
import { ToPool, ToVerify, Words } from './words.js';

/** What can go wrong, in plain words. */
export default function RisksPage() {
  return (
    <Page
      title="Risks"
      lead="Staking here can lose you money. This page says how, what the program does about it, and what you can look up yourself."
    >
      <Notice kind="warn" title="Not audited">
        Nobody independent has checked the code yet. Do not put in more than you can do without.
      </Notice>
      <details className={styles.words}>
        <summary>Words that are used here</summary>
        <Words />
      </details>
      <Section
        id="code"
        title="The code"
        happens={
          <p>
            A mistake in the program could lock the pool’s SOL, pay it to the wrong person, or count
            it wrongly. Then everybody who holds shares could lose all of it.
          </p>
        }
        limits={
          <ul>
            <li>
              The pool is worth the SOL in its accounts and nothing else. No formula can make up
              more.
            </li>
            <li>
              The code is open. Its tests run it together with Solana’s own staking code, and try
              each known way to cheat such a pool.
            </li>
            <li>None of this is a proof, and no audit has been done.</li>
          </ul>
        }
        check={
          <ul>
            <li>
              <ToVerify>Count the pool’s SOL</ToVerify> account by account and compare it with the
              books.
            </li>
            <li>
              <ToPool>Compute the program’s hash</ToPool>, a fingerprint of the code on Solana, and
              compare it with one that you or somebody you trust built from the source.
            </li>
          </ul>
        }
      />
      <Section
        id="upgrade-authority"
        title="Who can replace the code"
        happens={
          <p>
            Programs on Solana can be replaced by whoever holds their upgrade authority, a key. New
            code could do anything, also take all SOL. Whoever steals that key can do the same.
          </p>
        }
        limits={
          <p>
            Nothing in the program can limit this: it is how Solana works, unless the authority is
            given up for good. What helps is who holds it. It should be a group whose members must
            agree, with a wait before anything happens.
          </p>
        }
        check={
          <p>
            The <ToPool>pool page</ToPool> shows the upgrade authority and when the code was last
            replaced. Look the address up in an explorer: a single person’s wallet is the worst
            case, “nobody” the safest.
          </p>
        }
      />
      <Section
        id="powers"
        title="Who runs the pool"
        happens={
          <p>
            The pool has an admin, an operator and a guardian. They could raise fees, pick poor
            validators, or close deposits and some of the exits for a while.
          </p>
        }
        limits={
          <ul>
            <li>None of them can take SOL out of the pool. There is no such function.</li>
            <li>
              Fees have caps in the code. Every change waits at least 48 hours, in public, so that
              you can leave first.
            </li>
            <li>A pause ends after 72 hours at most and cannot be repeated for another 24.</li>
            <li>
              Nobody can pause, delay or charge for the queue: asking for your SOL, and being paid.
            </li>
          </ul>
        }
        check={
          <p>
            The <ToPool>pool page</ToPool> lists who holds each power, the fees with their caps, the
            changes that wait and the pauses in force.
          </p>
        }
      />
      <Section
        id="validators"
        title="Validators"
        happens={
          <p>
            A validator can stop voting or keep more of the rewards for itself; the pool then earns
            less. Solana may one day take stake from validators that break its rules. Then the share
            is worth less than before, for all holders alike.
          </p>
        }
        limits={
          <ul>
            <li>
              The SOL is spread over many validators, and no one may get more than a set part.
            </li>
            <li>
              Anyone can ask the program to review a validator. One that earns less than bad luck
              explains, takes too much or cannot pay for its seat loses its part.
            </li>
            <li>
              A loss first eats gains that were not paid out yet. After a large one, deposits close
              for 24 hours. Exits stay open.
            </li>
            <li>No fee is taken until a loss is made up.</li>
          </ul>
        }
        check={
          <p>
            The <Link href="/validators">list of validators</Link> shows what each holds, earned and
            charges, and which rules it breaks.
          </p>
        }
      />
      <Section
        id="waiting"
        title="Waiting for your SOL"
        happens={
          <p>
            Staked SOL is not free at once. A ticket usually waits until the next epoch, up to a
            day. When very many people on all of Solana stop staking at the same time (more than 9%
            of all stake), the network itself makes everybody wait longer. Paying out at once costs
            a fee, and the reserve for it can be empty.
          </p>
        }
        limits={
          <ul>
            <li>A ticket costs nothing, and goes on earning until it is paid.</li>
            <li>Tickets are paid oldest first, and nobody can jump the queue or stop it.</li>
            <li>
              There are two other ways out: at once for a fee, or as a stake account that you then
              own. A price is shown before you sign, and you get that or nothing happens.
            </li>
          </ul>
        }
        check={
          <p>
            <Link href="/unstake">Unstake</Link> shows the price and the time of each way side by
            side. The <ToPool>pool page</ToPool> shows what is free now and what waits in the queue.
          </p>
        }
      />
      <Section
        id="keeping-the-books"
        title="Nobody keeps the books"
        happens={
          <p>
            Once per epoch somebody has to send a few transactions that count the rewards, pay
            tickets and move stake. If nobody does, rewards are counted late and tickets are paid
            late.
          </p>
        }
        limits={
          <ul>
            <li>Anyone may send them, without permission. The program computes every amount.</li>
            <li>
              After more than 3 epochs or 4 days without it, deposits and exits at once close until
              it is done, since the price could be wrong. After 30 days anyone may close the pool
              and have everything paid out.
            </li>
          </ul>
        }
        check={
          <p>
            The <ToPool>pool page</ToPool> says when the books were last done.
          </p>
        }
      />
      <Section
        id="prices"
        title="Prices elsewhere"
        happens={
          <p>
            What a share is worth here is one thing, what somebody pays for it on a market is
            another. In a panic the market price can fall far below. If you borrow against shares,
            that can cost you your deposit. And a service that reads an old price from the pool can
            be wrong.
          </p>
        }
        limits={
          <ul>
            <li>
              The pool always pays its own price to those who queue, whatever the market says.
            </li>
            <li>
              The price falls only by a real loss. Gains come in second by second, so there is no
              moment that is worth waiting for.
            </li>
            <li>
              The pool says when its price was last brought up to date, so that a service can refuse
              an old one.
            </li>
          </ul>
        }
        check={
          <p>
            Compare the price on a market with the exit rate on the <ToPool>pool page</ToPool>. Ask
            the service that lends to you where its price comes from.
          </p>
        }
      />
      <Section
        id="this-page"
        title="This website"
        happens={
          <p>
            A copy of this site can look the same and have you sign something else. The server that
            this page asks for data could answer wrongly. Your wallet could be tricked or lost.
          </p>
        }
        limits={
          <ul>
            <li>
              The site loads no code from elsewhere, keeps no account of you and has no secrets.
            </li>
            <li>It never asks for your recovery phrase. Nobody who asks for that means well.</li>
            <li>
              Each transaction says the least that you must get. If it would be less, it fails and
              nothing moves but the network’s fee.
            </li>
          </ul>
        }
        check={
          <ul>
            <li>Check the address bar, and read what your wallet shows before you sign.</li>
            <li>
              Choose another server for the data in the settings, and look whether it says the same.
            </li>
            <li>
              You do not need this site: the command line tool <code>thaw</code> does all that it
              does.
            </li>
          </ul>
        }
      />
    </Page>
  );
}
