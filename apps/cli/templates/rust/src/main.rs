//! A program for Gleaner: counts the primes below a limit. As a bag of tasks, each task counts in its own share of the numbers.
//! Everything it may know comes from its arguments, its input files and the environment; so the same call gives the same bytes everywhere.
use std::{env, fs, process};

/// What was asked. `title` names an input file; `index` of `size` is the share of this task.
struct Request {
    limit: u64,
    index: u64,
    size: u64,
    title: Option<String>,
}

fn refuse(what: &str, value: &str) -> ! {
    eprintln!("{what}, not \"{value}\" (see --help)");
    process::exit(2)
}

fn number(text: &str, low: u64, high: u64, what: &str) -> u64 {
    match text.parse() {
        Ok(number) if (low..=high).contains(&number) => number,
        _ => refuse(what, text),
    }
}

/// A whole number from the environment; `otherwise` where it is not set, as outside Gleaner.
fn from_environment(name: &str, otherwise: u64) -> u64 {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// The share of a task of a bag: its index counts from the first of its deal.
fn standard_request() -> Request {
    let first = from_environment("IEXEC_BOT_FIRST_INDEX", 0);
    let index = from_environment("IEXEC_BOT_TASK_INDEX", first) - first;
    Request { limit: 100_000, index, size: from_environment("IEXEC_BOT_SIZE", 1), title: None }
}

fn set_argument(request: &mut Request, name: &str, value: &str) {
    match name {
        "--limit" => request.limit = number(value, 1, 100_000_000, "--limit must be a whole number from 1 to 100000000"),
        "--title" => request.title = Some(value.to_string()),
        "--part" => {
            let form = "--part must be k/n, k from 0 to n - 1";
            let (index, size) = value.split_once('/').unwrap_or_else(|| refuse(form, value));
            request.size = number(size, 1, 10_000, form);
            request.index = number(index, 0, request.size - 1, form);
        }
        _ => refuse("the arguments are --limit, --title and --part", name),
    }
}

fn read_arguments() -> Request {
    let mut request = standard_request();
    let mut arguments = env::args().skip(1);
    while let Some(name) = arguments.next() {
        if name == "--help" {
            println!("--limit N     count the primes below N (default 100000)");
            println!("--title FILE  input file whose first line goes into the result; @1 is the first");
            println!("--part K/N    only the share K (from 0) of N");
            process::exit(0);
        }
        let value = arguments.next().unwrap_or_else(|| refuse("every argument needs a value", &name));
        set_argument(&mut request, &name, &value);
    }
    request
}

/// First line of an input file: by its name, or `@n` for the n-th of the request, whose name the environment tells.
fn read_title(file: &str) -> String {
    let folder = env::var("IEXEC_IN").unwrap_or_else(|_| ".".to_string());
    let name = match file.strip_prefix('@') {
        Some(n) => env::var(format!("IEXEC_INPUT_FILE_NAME_{n}")).unwrap_or_else(|_| refuse("there is no such input file", file)),
        None => file.to_string(),
    };
    let bytes = fs::read(format!("{folder}/{name}")).unwrap_or_else(|_| refuse("--title must be an input file", file));
    let text = String::from_utf8_lossy(&bytes);
    text.lines().next().unwrap_or("").split(',').next().unwrap_or("").chars().take(79).collect()
}

fn is_prime(number: u64) -> bool {
    if number < 4 {
        return number > 1;
    }
    number % 2 == 1 && (3..).step_by(2).take_while(|divisor| divisor * divisor <= number).all(|divisor| number % divisor != 0)
}

fn write(name: &str, text: &str) {
    let folder = env::var("IEXEC_OUT").unwrap_or_else(|_| ".".to_string());
    if let Err(error) = fs::write(format!("{folder}/{name}"), text) {
        eprintln!("{name}: {error}");
        process::exit(1);
    }
}

fn main() {
    let request = read_arguments();
    let title = request.title.as_deref().map(read_title).unwrap_or_default();
    let from = request.limit * request.index / request.size;
    let to = request.limit * (request.index + 1) / request.size;
    let primes = (from..to).filter(|number| is_prime(*number)).count();
    write("result.csv", &format!("part,from,to,primes,title\n{},{from},{to},{primes},{title}\n", request.index));
    // computed.json says which file is the result: what workers compare is its bytes.
    let folder = env::var("IEXEC_OUT").unwrap_or_else(|_| ".".to_string());
    write("computed.json", &format!("{{\"deterministic-output-path\":\"{folder}/result.csv\"}}\n"));
    println!("{primes} primes from {from} to below {to}");
}
