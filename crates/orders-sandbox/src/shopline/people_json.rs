//! Customer and addresses of a SHOPLINE order, in every form in which they can be absent.

use crate::json::Object;
use crate::names::Person;
use crate::random::Random;

/// An invented address.
#[derive(Clone, Copy)]
struct Place {
    country: &'static str,
    code: &'static str,
    province: &'static str,
    province_code: &'static str,
    city: &'static str,
    district: &'static str,
    zip: &'static str,
}

const PLACES: &[Place] = &[
    Place {
        country: "China",
        code: "CN",
        province: "广东",
        province_code: "440000",
        city: "示例市",
        district: "测试区",
        zip: "000001",
    },
    Place {
        country: "Germany",
        code: "DE",
        province: "Bayern",
        province_code: "BY",
        city: "Musterstadt",
        district: "",
        zip: "00000",
    },
    Place {
        country: "Japan",
        code: "JP",
        province: "サンプル県",
        province_code: "00",
        city: "例市",
        district: "試験区",
        zip: "000-0000",
    },
    Place {
        country: "United States",
        code: "US",
        province: "Example State",
        province_code: "XX",
        city: "Sampleton",
        district: "",
        zip: "00000",
    },
];

/// The customer with its `addresses`: one object, despite the plural (documented and recorded). A guest has neither id
/// nor mail (recorded).
pub(super) fn customer(
    random: &mut Random,
    id: Option<&str>,
    person: &Person,
    currency: &str,
    time: &str,
) -> String {
    let Some(id) = id else {
        return Object::new()
            .null("id")
            .null("email")
            .text("currency", currency)
            .raw("addresses", nobody(CUSTOMER_ADDRESS))
            .end();
    };
    Object::new()
        .text("id", id)
        .text("updated_at", time)
        .text("area_code", random.pick(&["0086", "852", "+1"]))
        .text("currency", currency)
        .text("email", &person.mail)
        .raw("addresses", home(random, person))
        .text("created_at", time)
        .text("first_name", person.first)
        .text("last_name", person.last)
        .text("phone", &person.phone)
        .end()
}

pub(super) fn home(random: &mut Random, person: &Person) -> String {
    let place = random.pick(PLACES);
    someone(Object::new(), person, place)
        .text("city_code", "440113")
        .text("zip", place.zip)
        .end()
}

/// The shipping address: complete, or with every member null and an empty name (recorded).
pub(super) fn shipping(random: &mut Random, person: &Person, recorded: bool) -> String {
    if random.chance(15) {
        return nobody(SHIPPING_ADDRESS);
    }
    let place = random.pick(PLACES);
    let pick_up = random.chance(10);
    let address = someone(Object::new(), person, place)
        .text("company", random.pick(&["", "Example GmbH", "示例公司"]))
        .text("city_code", "440100")
        .text("district", place.district)
        .text("district_code", "440372")
        .text_or_null("delivery_store_name", pick_up.then_some("Sample Store"))
        .text_or_null("delivery_store_code", pick_up.then_some("SAMPLE-01"))
        .text("zip", place.zip);
    match recorded {
        true => on_newer_pages(address, place).end(),
        false => address.end(),
    }
}

/// The billing address: complete or null (recorded).
pub(super) fn billing(random: &mut Random, person: &Person, recorded: bool) -> String {
    if random.chance(40) {
        return "null".to_owned();
    }
    let place = random.pick(PLACES);
    let address = someone(Object::new(), person, place)
        .text("company", "")
        .text("city_code", "414000")
        .text("zip", place.zip);
    match recorded {
        true => address
            .text("standard_province_code", place.province_code)
            .end(),
        false => address.end(),
    }
}

fn someone(address: Object, person: &Person, place: Place) -> Object {
    address
        .text("first_name", person.first)
        .text("last_name", person.last)
        .text("name", &person.name())
        .text("phone", &person.phone)
        .text("address1", "1 Example Street / 示例路1号")
        .text("address2", "")
        .text("city", place.city)
        .text("province", place.province)
        .text("province_code", place.province_code)
        .text("country", place.country)
        .text("country_code", place.code)
}

/// Members that only the sister endpoint is known to have.
fn on_newer_pages(address: Object, place: Place) -> Object {
    address
        .null("latitude")
        .null("longitude")
        .text("standard_province_code", place.province_code)
        .null("neighborhood")
}

const CUSTOMER_ADDRESS: &[&str] = &[
    "address1",
    "last_name",
    "address2",
    "country",
    "province",
    "city",
    "city_code",
    "country_code",
    "first_name",
    "province_code",
    "phone",
    "zip",
];
const SHIPPING_ADDRESS: &[&str] = &[
    "first_name",
    "country",
    "delivery_store_name",
    "district_code",
    "country_code",
    "company",
    "delivery_store_code",
    "last_name",
    "province_code",
    "zip",
    "address1",
    "phone",
    "province",
    "city_code",
    "district",
    "address2",
    "city",
];

/// An empty address: every member null, the name empty.
fn nobody(members: &[&str]) -> String {
    members
        .iter()
        .fold(Object::new(), |address, member| address.null(member))
        .text("name", "")
        .end()
}
