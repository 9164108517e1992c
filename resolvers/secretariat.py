"""Acts upon the secretariat: somebody appointed to it, somebody dismissed from it, never the last."""

from sqlmodel import col, select

from models.accounts import Account
from models.problems import WrongMoment
from models.secretariat import SecretariatJoined, SecretariatLeft
from policy import secretariat as policy
from resolvers.act import Act


async def appoint(act: Act, account_id: str) -> Account:
    """Make an account the secretariat's; it may do everything from this commit on."""
    account = await act.locked(Account, account_id)
    act.must(policy.appoint, account)
    if account.secretariat:
        raise WrongMoment("This account belongs to the secretariat already.")
    account.secretariat = True
    account.revision += 1
    await act.save(account)
    act.record(SecretariatJoined.of(account))
    return account


async def dismiss(act: Act, account_id: str) -> Account:
    """Take an account out of the secretariat. Whoever is alone in it stays: nobody could let anyone in again."""
    account = await act.locked(Account, account_id)
    act.must(policy.appoint, account)
    if not account.secretariat:
        raise WrongMoment("This account does not belong to the secretariat.")
    # Locked, in one order, so that two who dismiss each other at once do not both succeed.
    all_of_it = select(Account.id).where(col(Account.secretariat)).order_by(col(Account.id)).with_for_update()
    if len((await act.session.execute(all_of_it)).all()) == 1:
        raise WrongMoment("This is the last account of the secretariat; appoint another first.")
    account.secretariat = False
    account.revision += 1
    await act.save(account)
    act.record(SecretariatLeft.of(account))
    return account
