//! Makes sure that a run asks the account whose orders are stored.

use orders_core::{OrderRef, OrderSource};

use crate::asked::Difference;
use crate::context::Context;
use crate::error::SyncError;
use crate::options::Options;
use crate::single::Single;
use crate::state::State;
use crate::store::Store;

/// How many stored orders are looked up with a credential that is new.
const LOOKED_UP: usize = 3;

/// Makes sure that the source asks the account that the state and the stored orders are of. Writes nothing, and answers what
/// a person should know.
///
/// # Errors
/// `OtherAccount` where it does not; `Vendor` where a look-up failed; what the store failed with.
pub(crate) async fn recognise(
    source: &dyn OrderSource,
    store: &Store,
    state: &State,
    options: &Options,
    context: &Context,
) -> Result<Option<String>, SyncError> {
    let difference = difference(source, state);
    let account = &state.account;
    let new = "the credential, or where requests go, is not that of the pulls before";
    let note = |what: &str| Ok(Some(format!("{new}: {what}")));
    match difference {
        Difference::None => return Ok(None),
        Difference::Credential => {
            return Ok(Some("the credential is new, the store is the same".into()));
        }
        Difference::Account => {}
    }
    if store.status(account).await?.stored == 0 && store.unread(account).await? == 0 {
        return note("nothing is stored yet");
    }
    if options.same_account {
        return note("taken for the same account, as requested");
    }
    let orders = match source.capabilities().fetches {
        true => store.newest(account, LOOKED_UP).await?,
        false => Vec::new(),
    };
    let mut single = Single::new(source, options, context);
    for order in &orders {
        if is_known(&mut single, order).await? {
            return note("the vendor knows stored orders by it, so it is the same account");
        }
    }
    let shown = match orders.len() {
        0 => "nothing shows whether it is the same account".to_owned(),
        many => format!("the vendor knows none of {many} stored orders by it"),
    };
    Err(SyncError::OtherAccount {
        account: account.to_string(),
        message: format!("{new}, and {shown}"),
    })
}

/// How the account of a source differs from the one that the state is of.
pub(crate) fn difference(source: &dyn OrderSource, state: &State) -> Difference {
    let asked = state.asked.as_ref();
    asked.map_or(Difference::None, |asked| {
        asked.difference(&asked.of(source))
    })
}

/// Whether the vendor has a stored order.
async fn is_known(single: &mut Single<'_>, order: &OrderRef) -> Result<bool, SyncError> {
    match single.fetch(order).await {
        Ok(found) => Ok(found.is_some_and(|found| found.id == order.id)),
        Err(error) => match error.record() {
            Some(record) => Ok(record.id.as_ref() == Some(&order.id)),
            None => Err(error.into()),
        },
    }
}
