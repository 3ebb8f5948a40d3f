//! Invented people and goods: nobody's data. Mail is at example.com; telephone numbers and addresses are reserved for
//! fiction.

use crate::random::Random;

const FIRST: &[&str] = &[
    "Ada", "Björn", "Chloé", "Dmitri", "Ève", "芳", "Giulia", "Hanako", "İpek", "José", "Kwame",
    "Łucja", "Noor", "Ørjan", "Zoë",
];
const LAST: &[&str] = &[
    "Example",
    "Muster",
    "O'Sample",
    "Тестов",
    "Ejemplo",
    "测试",
    "Prøve",
    "Näytĕ",
    "Testowska",
    "サンプル",
    "de la Muestra",
];
const GOODS: &[&str] = &[
    "Tea pot, 1.2 l",
    "Lampe de bureau « Aurore »",
    "Wollmütze größe M",
    "羊毛毛毯 / 红色",
    "T-shirt \"Plain\"",
    "Notebook A5 \\ dotted",
    "コーヒー豆 200g",
    "Gift box 🎁",
    "Çay bardağı",
    "USB-C cable 2 m",
    "Stuhl",
    "Vin d'essai",
];

/// A person who does not exist.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    pub(crate) mail: String,
    pub(crate) phone: String,
}

impl Person {
    pub(crate) fn invent(random: &mut Random) -> Self {
        Self {
            first: random.pick(FIRST),
            last: random.pick(LAST),
            mail: format!("buyer.{}@example.com", random.digits(6)),
            phone: format!("+1 555 01{:02}", random.below(100)),
        }
    }

    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.first, self.last)
    }
}

/// The name of a product.
pub(crate) fn goods(random: &mut Random) -> &'static str {
    random.pick(GOODS)
}
